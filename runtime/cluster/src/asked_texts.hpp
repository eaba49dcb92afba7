#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <utility>

namespace troupe::cluster {

/// What a client has asked and nobody has looked at yet.
class asked_texts {
public:
  static constexpr std::size_t count_max = 100;
  /// Of more than one.
  static constexpr std::size_t bytes_max = std::size_t{32} << 20U;

  /// False: it says more than waits here.
  [[nodiscard]] bool add(std::string text) {
    const auto bytes = bytes_ + text.size();
    if (!all_.empty() && (all_.size() >= count_max || bytes > bytes_max))
      return false;
    bytes_ = bytes;
    all_.push_back(std::move(text));
    return true;
  }
  [[nodiscard]] bool empty() const noexcept { return all_.empty(); }
  /// The first; there is one.
  [[nodiscard]] std::string take() {
    auto text = std::move(all_.front());
    all_.pop_front();
    bytes_ -= text.size();
    return text;
  }

private:
  std::deque<std::string> all_; // bounded by count_max, bytes_max
  std::size_t bytes_ = 0;
};

} // namespace troupe::cluster
