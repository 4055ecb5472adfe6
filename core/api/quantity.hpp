#pragma once
// Amounts of resources ("500m", "1Gi", "2e3") as Kubernetes reads, compares and prints them. A plain value in
// billionths. Models apimachinery pkg/api/resource. NOT MODELLED: amounts beyond 10^28 (they are capped).
#include <cstdint>
#include <string>
#include <string_view>

namespace api {

struct Quantity {
  enum class Format : uint8_t { DecimalSI, BinarySI, DecimalExponent };
  __int128 nanos = 0;
  Format format = Format::DecimalSI;

  Quantity() = default;
  explicit Quantity(int64_t whole, Format f = Format::DecimalSI) : nanos(__int128(whole) * 1000000000), format(f) {}
  /// What the text means; 0 where it is no quantity (stored objects hold good ones only).
  explicit Quantity(std::string_view text);

  int64_t value() const { return scaled(1000000000); }  ///< whole units, rounded up (away from 0)
  int64_t milliValue() const { return scaled(1000000); }
  bool isZero() const { return nanos == 0; }
  int sign() const { return nanos < 0 ? -1 : nanos > 0; }
  /// Of two formats that of the first that is not zero stays.
  Quantity& operator+=(Quantity other) {
    if (isZero()) format = other.format;
    nanos += other.nanos;
    return *this;
  }
  Quantity& operator-=(Quantity other) {
    if (isZero()) format = other.format;
    nanos -= other.nanos;
    return *this;
  }
  friend Quantity operator+(Quantity a, Quantity b) { return a += b; }
  friend Quantity operator-(Quantity a, Quantity b) { return a -= b; }
  friend bool operator==(Quantity a, Quantity b) { return a.nanos == b.nanos; }
  friend auto operator<=>(Quantity a, Quantity b) { return a.nanos <=> b.nanos; }

 private:
  int64_t scaled(int64_t unit) const;
};

/// Null, or why the text is no quantity, in the words of resource.ParseQuantity.
const char* parseQuantity(std::string_view text, Quantity& out);
/// The canonical form: "1536Mi", "500m", "2e3".
std::string toString(Quantity);
/// How the API server writes a quantity that a client sent as `text` ("1024Mi" becomes "1Gi", "1.500" stays): the text
/// itself where it counts as canonical. `text` must be a quantity.
std::string canonicalQuantity(std::string_view text);

}  // namespace api
