#pragma once

#include <string_view>

namespace troupe::cli {

/// A file descriptor that text is written to, at once and without a buffer.
/// A reader that goes away (`| head`) is no error: what follows is dropped.
/// Thread safety: one thread at a time.
class output {
public:
  explicit output(int descriptor) : descriptor_(descriptor) {}

  /// Blocking: as long as the reader takes.
  void write(std::string_view text);

  /// As `write`, with a line end.
  void line(std::string_view text);

  /// True when nobody reads any more, or the disk is full.
  [[nodiscard]] bool is_closed() const noexcept { return closed_; }

  [[nodiscard]] bool is_terminal() const noexcept;

  [[nodiscard]] int descriptor() const noexcept { return descriptor_; }

private:
  int descriptor_;
  bool closed_ = false;
};

} // namespace troupe::cli
