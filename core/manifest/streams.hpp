#pragma once
// The few streams that yaml-cpp's parser uses, as plain text cursors. The standard ones bring locales, number formats
// of all languages and wide characters into the web program: a tenth of what a page loads. yaml-cpp is compiled with
// this file in front of it, and whoever includes its headers includes this one first: from here on `std::istream` and
// its relatives name the classes below. Not modelled: anything but reading characters and int, writing text and
// numbers.
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <ios>
#include <istream>
#include <ostream>
#include <sstream>
#include <streambuf>
#include <string>

namespace std {

/// Characters from a place in a text on. The text must outlive it.
class plain_streambuf {
 public:
  plain_streambuf(const char* text, size_t size) : start_(text), at_(text), end_(text + size) {}
  streamsize sgetn(char* out, streamsize count) {
    const streamsize n = min<streamsize>(count, end_ - at_);
    memcpy(out, at_, size_t(n));
    at_ += n;
    return n;
  }
  int take() { return at_ < end_ ? static_cast<unsigned char>(*at_++) : -1; }
  int look() const { return at_ < end_ ? static_cast<unsigned char>(*at_) : -1; }
  void back() { at_ -= at_ > start_; }

 private:
  const char *start_, *at_, *end_;
};

/// Reading: the state bits mean what those of std::istream do.
class plain_istream {
 public:
  using char_type = char;
  using traits_type = char_traits<char>;
  using int_type = int;
  plain_istream(const char* text, size_t size) : buffer_(text, size) {}

  plain_streambuf* rdbuf() { return &buffer_; }
  bool good() const { return state_ == ios_base::goodbit; }
  explicit operator bool() const { return !(state_ & ios_base::failbit); }
  bool operator!() const { return !bool(*this); }
  void clear() { state_ = ios_base::goodbit; }
  void setstate(ios_base::iostate bits) { state_ |= bits; }

  int get() {
    const int c = good() ? buffer_.take() : -1;
    if (c < 0) setstate(ios_base::eofbit | ios_base::failbit);
    return c;
  }
  int peek() {
    const int c = good() ? buffer_.look() : -1;
    if (c < 0) setstate(ios_base::eofbit);
    return c;
  }
  plain_istream& putback(char) {
    state_ &= ~ios_base::eofbit;
    buffer_.back();
    return *this;
  }
  /// A decimal number; without one, or with one too large, the stream has failed.
  plain_istream& operator>>(int& out) {
    while (good() && (buffer_.look() == ' ' || buffer_.look() == '\t')) buffer_.take();
    const bool negative = good() && buffer_.look() == '-';
    if (negative || (good() && buffer_.look() == '+')) buffer_.take();
    long long number = 0;
    int digits = 0;
    for (; good() && buffer_.look() >= '0' && buffer_.look() <= '9'; ++digits) {
      number = min(number * 10 + (buffer_.take() - '0'), 1LL << 40);
    }
    if (good() && buffer_.look() < 0) setstate(ios_base::eofbit);
    if (negative) number = -number;
    if (!digits || number != int(number)) setstate(ios_base::failbit);
    out = digits ? int(clamp(number, -(1LL << 31), (1LL << 31) - 1)) : 0;
    return *this;
  }

 private:
  plain_streambuf buffer_;
  ios_base::iostate state_ = ios_base::goodbit;
};

/// Writing into a string.
class plain_ostream {
 public:
  plain_ostream& operator<<(string_view text) {
    written_ += text;
    return *this;
  }
  plain_ostream& operator<<(const char* text) { return *this << string_view(text); }
  plain_ostream& operator<<(const string& text) { return *this << string_view(text); }
  plain_ostream& operator<<(char c) { return *this << string_view(&c, 1); }
  plain_ostream& operator<<(int number) { return *this << to_string(number); }
  plain_ostream& operator<<(unsigned number) { return *this << to_string(number); }
  plain_ostream& operator<<(unsigned long number) { return *this << to_string(number); }
  plain_ostream& write(const char* text, streamsize size) { return *this << string_view(text, size_t(size)); }
  const string& str() const { return written_; }

 private:
  string written_;
};

/// Reads what it was made with; what is written is kept apart.
class plain_stringstream : public plain_ostream, public plain_istream {
 public:
  plain_stringstream() : plain_istream("", 0) {}
  explicit plain_stringstream(const string& text) : plain_istream(text.data(), text.size()) {}
};

}  // namespace std

#define streambuf plain_streambuf
#define istream plain_istream
#define ostream plain_ostream
#define stringstream plain_stringstream
