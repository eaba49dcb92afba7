#include "yaml/file.hpp"

#include <fstream>
#include <system_error>

namespace troupe::yaml {

namespace fs = std::filesystem;
using protocol::errc;
using protocol::fail;

namespace {

bool is_continuation(unsigned char c) {
  return (c & 0xC0U) == 0x80U;
}

/// Bytes of the UTF-8 sequence at the start of `text`; 0 when it is not one.
std::size_t sequence_length(std::string_view text) {
  auto at = [text](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  auto tail = [&](std::size_t i) {
    return is_continuation(static_cast<unsigned char>(at(i)));
  };
  const auto lead = at(0);
  if (lead < 0x80U)
    return 1;
  if (lead >= 0xC2U && lead <= 0xDFU)
    return tail(1) ? 2 : 0;
  if (lead >= 0xE0U && lead <= 0xEFU) {
    const bool overlong = lead == 0xE0U && at(1) < 0xA0U;
    const bool surrogate = lead == 0xEDU && at(1) > 0x9FU;
    return tail(1) && tail(2) && !overlong && !surrogate ? 3 : 0;
  }
  if (lead >= 0xF0U && lead <= 0xF4U) {
    const bool overlong = lead == 0xF0U && at(1) < 0x90U;
    const bool beyond = lead == 0xF4U && at(1) > 0x8FU;
    return tail(1) && tail(2) && tail(3) && !overlong && !beyond ? 4 : 0;
  }
  return 0;
}

bool is_refused_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20U && c != '\t' && c != '\n' && c != '\r' && c != '\f')
         || byte == 0x7FU;
}

} // namespace

protocol::result<std::string> read_file(const fs::path& path,
                                        std::size_t bytes_max) {
  std::error_code ec;
  const auto status = fs::status(path, ec);
  if (!fs::exists(status))
    return fail(errc::file_unreadable, "there is no such file");
  if (!fs::is_regular_file(status))
    return fail(errc::file_unreadable, "not a regular file");
  const auto size = fs::file_size(path, ec);
  if (ec)
    return fail(errc::file_unreadable, "its size cannot be read");
  if (size > bytes_max)
    return fail(errc::file_unreadable,
                "the file has " + bytes_text(size) + "; at most "
                    + bytes_text(bytes_max) + " are read");
  std::ifstream in(path, std::ios::binary);
  if (!in)
    return fail(errc::file_unreadable, "the file may not be read");
  std::string text(size, '\0');
  in.read(text.data(), static_cast<std::streamsize>(size));
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (in.bad())
    return fail(errc::file_unreadable, "reading the file failed");
  if (text.starts_with("\xEF\xBB\xBF"))
    text.erase(0, 3);
  return text;
}

protocol::result<std::string> read_text_file(const fs::path& path,
                                             std::size_t bytes_max) {
  auto text = read_file(path, bytes_max);
  if (!text)
    return text;
  if (auto bad = first_bad_byte(*text); bad != std::string::npos)
    return fail(errc::file_unreadable,
                "not UTF-8 text (byte " + std::to_string(bad) + ")");
  return text;
}

std::size_t first_bad_byte(std::string_view text) noexcept {
  for (std::size_t i = 0; i < text.size();) {
    const auto length = sequence_length(text.substr(i, 4));
    if (length == 0 || is_refused_control(text[i]))
      return i;
    i += length;
  }
  return std::string_view::npos;
}

std::string bytes_text(std::size_t bytes) {
  constexpr std::size_t kib = 1024;
  auto scaled = [bytes](std::size_t unit, const char* name) {
    auto text = std::to_string(bytes / unit);
    if (bytes % unit != 0)
      text += '.' + std::to_string((bytes % unit) * 10 / unit);
    return text + name;
  };
  if (bytes >= kib * kib)
    return scaled(kib * kib, " MiB");
  if (bytes >= kib)
    return scaled(kib, " KiB");
  return std::to_string(bytes) + " bytes";
}

} // namespace troupe::yaml
