// md5sum, sha1sum and sha256sum. The algorithms are those of RFC 1321, RFC 3174 and FIPS 180-4.
#include <cmath>

#include "core/shell/command.hpp"

namespace shell::commands {
namespace {

uint32_t left(uint32_t v, int n) { return v << n | v >> (32 - n); }
uint32_t right(uint32_t v, int n) { return v >> n | v << (32 - n); }

/// The text with its padding: a bit, zeros, and its length in bits.
std::string padding(std::string_view text, bool bigEndian) {
  std::string all(text);
  all += '\x80';
  while (all.size() % 64 != 56) all += '\0';
  const uint64_t bits = uint64_t(text.size()) * 8;
  for (int i = 0; i < 8; ++i) all += char(bits >> (bigEndian ? 56 - 8 * i : 8 * i));
  return all;
}
uint32_t word(std::string_view block, size_t i, bool bigEndian) {
  uint32_t v = 0;
  for (size_t k = 0; k < 4; ++k) v |= uint32_t(uint8_t(block[4 * i + k])) << (bigEndian ? 24 - 8 * k : 8 * k);
  return v;
}

void md5(std::string_view block, uint32_t* h) {
  constexpr int turns[4][4] = {{7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};
  uint32_t a = h[0], b = h[1], c = h[2], d = h[3];
  for (int i = 0; i < 64; ++i) {
    const int round = i / 16;
    const uint32_t f = round == 0   ? (b & c) | (~b & d)
                       : round == 1 ? (d & b) | (~d & c)
                       : round == 2 ? b ^ c ^ d
                                    : c ^ (b | ~d);
    const int at = round == 0 ? i : round == 1 ? 5 * i + 1 : round == 2 ? 3 * i + 5 : 7 * i;
    const uint32_t k = uint32_t(int64_t(std::fabs(std::sin(double(i + 1))) * 4294967296.0));
    const uint32_t next = b + left(a + f + k + word(block, size_t(at % 16), false), turns[round][i % 4]);
    a = d, d = c, c = b, b = next;
  }
  h[0] += a, h[1] += b, h[2] += c, h[3] += d;
}

void sha1(std::string_view block, uint32_t* h) {
  uint32_t w[80], a = h[0], b = h[1], c = h[2], d = h[3], e = h[4];
  for (size_t i = 0; i < 80; ++i)
    w[i] = i < 16 ? word(block, i, true) : left(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
  for (size_t i = 0; i < 80; ++i) {
    const size_t round = i / 20;
    const uint32_t f = round == 0 ? (b & c) | (~b & d) : round == 2 ? (b & c) | (b & d) | (c & d) : b ^ c ^ d;
    constexpr uint32_t k[] = {0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6};
    const uint32_t next = left(a, 5) + f + e + k[round] + w[i];
    e = d, d = c, c = left(b, 30), b = a, a = next;
  }
  h[0] += a, h[1] += b, h[2] += c, h[3] += d, h[4] += e;
}

/// The first bits of a root's fraction, of the n-th prime: SHA-256's constants.
uint32_t fraction(int n, bool cube) {
  int prime = 2;
  for (int found = 0;; ++prime) {
    bool isPrime = true;
    for (int d = 2; d * d <= prime; ++d) isPrime = isPrime && prime % d != 0;
    if (isPrime && found++ == n) break;
  }
  // The largest r with r^2 (or r^3) at most prime * 2^64 (or 2^96), in whole numbers: no rounding differs.
  unsigned __int128 low = 0;
  for (int bit = 36; bit >= 0; --bit) {
    const unsigned __int128 r = low | (unsigned __int128)(1) << bit;
    const unsigned __int128 square = r * r;
    const bool fits =
        cube ? square * r <= (unsigned __int128)(prime) << 96 : square <= (unsigned __int128)(prime) << 64;
    if (fits) low = r;
  }
  return uint32_t(low);
}

struct Roots {
  uint32_t cube[64];
  Roots() {
    for (int i = 0; i < 64; ++i) cube[i] = fraction(i, true);
  }
};

void sha256(std::string_view block, uint32_t* h) {
  static const Roots roots;
  const uint32_t* k = roots.cube;
  uint32_t w[64], v[8];
  for (size_t i = 0; i < 64; ++i) {
    if (i < 16) {
      w[i] = word(block, i, true);
      continue;
    }
    const uint32_t a = w[i - 15], b = w[i - 2];
    w[i] = w[i - 16] + w[i - 7] + (right(a, 7) ^ right(a, 18) ^ a >> 3) + (right(b, 17) ^ right(b, 19) ^ b >> 10);
  }
  for (int i = 0; i < 8; ++i) v[i] = h[i];
  for (int i = 0; i < 64; ++i) {
    const uint32_t a = v[0], e = v[4];
    const uint32_t t1 = v[7] + (right(e, 6) ^ right(e, 11) ^ right(e, 25)) + ((e & v[5]) ^ (~e & v[6])) + k[i] + w[i];
    const uint32_t t2 = (right(a, 2) ^ right(a, 13) ^ right(a, 22)) + ((a & v[1]) ^ (a & v[2]) ^ (v[1] & v[2]));
    for (int n = 7; n > 0; --n) v[n] = v[n - 1];
    v[4] += t1;
    v[0] = t1 + t2;
  }
  for (int i = 0; i < 8; ++i) h[i] += v[i];
}

std::string digest(std::string_view name, std::string_view text) {
  uint32_t h[8] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
  const bool isMd5 = name == "md5sum", isSha1 = name == "sha1sum";
  for (int i = 0; i < 8 && !isMd5 && !isSha1; ++i) h[i] = fraction(i, false);
  const std::string all = padding(text, !isMd5);
  for (size_t at = 0; at < all.size(); at += 64)
    (isMd5 ? md5 : isSha1 ? sha1 : sha256)(std::string_view(all).substr(at, 64), h);
  std::string out;
  for (int i = 0; i < (isMd5 ? 4 : isSha1 ? 5 : 8); ++i) {
    for (int k = 0; k < 8; ++k) {
      const int byte = isMd5 ? k / 2 : 3 - k / 2;
      out += "0123456789abcdef"[h[i] >> (8 * byte + (k % 2 ? 0 : 4)) & 15];
    }
  }
  return out;
}
}  // namespace

Outcome sum(Call& c, System& s) {
  int exit = 0;
  for (size_t i = 1; i < std::max<size_t>(c.args.size(), 2); ++i) {
    std::string content;
    const std::string name = i < c.args.size() ? c.args[i] : "-";
    if (name == "-" && !input(c)) return Outcome::reads;
    if (slurp(c, s, name, content))
      c.out += digest(c.args[0], content) + "  " + name + "\n";
    else
      exit = 1;
  }
  return done(c, exit);
}

}  // namespace shell::commands
