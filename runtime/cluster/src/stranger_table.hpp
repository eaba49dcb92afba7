#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace troupe::cluster {

/// Those who have connected and not said yet who they are: so many at one time,
/// and so many of one address. Whoever comes is let in, at the cost of the one
/// that has been silent for longest: of its own address where that has its
/// share, else of the address that has most. Pure.
class stranger_table {
public:
  struct limits {
    std::size_t all = 64;
    std::size_t of_one_address = 16;
  };

  stranger_table() : stranger_table(limits{}) {}
  explicit stranger_table(const limits& most) : limits_(most) {}

  struct arrival {
    std::uint64_t number = 0;  ///< Of the stranger; 0: there is no room.
    std::uint64_t dropped = 0; ///< Who has to go for it; 0: nobody.
  };
  /// No room: all have spoken and are looked at.
  [[nodiscard]] arrival come(const std::string& address);

  /// It has said who it is: it is not dropped any more.
  void has_spoken(std::uint64_t number);
  /// It is gone, or known. Unknown numbers have no effect.
  void leave(std::uint64_t number);

  [[nodiscard]] std::size_t size() const noexcept { return all_.size(); }

private:
  struct stranger {
    std::string address;
    bool is_silent = true;
  };

  [[nodiscard]] std::uint64_t oldest_of(const std::string& address) const;
  [[nodiscard]] std::uint64_t oldest_of_most() const;

  limits limits_;
  std::map<std::uint64_t, stranger> all_;         // bounded by limits_
  std::map<std::string, std::size_t> of_address_; // bounded by all_
  std::uint64_t last_ = 0;
};

} // namespace troupe::cluster
