#include "exchanges/exchange_file.hpp"

#include <filesystem>
#include <fstream>
#include <system_error>

namespace troupe {

namespace fs = std::filesystem;
using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

result<void> check_file(const std::string& path) {
  std::error_code problem;
  if (!fs::is_regular_file(path, problem))
    return fail(errc::file_unreadable,
                "recording '" + path + "': "
                    + (problem ? problem.message() : "there is no such file"));
  if (fs::file_size(path, problem) > recording_bytes_max || problem)
    return fail(errc::file_unreadable,
                "recording '" + path + "': above 512 MiB");
  return {};
}

/// Reads line after line; the file's size bounds the longest.
class recording_reader {
public:
  recording_reader(const std::string& path, protocol::replay_mode mode)
      : path_(path), mode_(mode), in_(path, std::ios::binary) {}

  result<recorded_exchanges> read() {
    if (!in_)
      return problem(errc::file_unreadable, "cannot be read");
    if (!next())
      return problem(errc::malformed_message, "the recording is empty");
    if (auto good = protocol::check_exchange_head(line_); !good)
      return problem(good.error().code, good.error().detail);
    while (next())
      if (auto good = take(); !good)
        return good.error();
    if (in_.bad())
      return problem(errc::file_unreadable, "cannot be read");
    return std::move(out_);
  }

private:
  bool next() {
    ++number_;
    return static_cast<bool>(std::getline(in_, line_));
  }

  result<void> take() {
    if (in_.eof()) {
      if (mode_ == protocol::replay_mode::strict)
        return problem(errc::malformed_message,
                       "the line has no end: the recorder was ended while it "
                       "wrote it; remove it to replay the rest");
      out_.is_cut = true;
      return {};
    }
    if (line_.find_first_not_of(" \t\r") == std::string::npos)
      return {};
    auto exchange = protocol::exchange_of(line_);
    if (!exchange)
      return problem(exchange.error().code, exchange.error().detail);
    if (out_.exchanges.size() == recorded_exchanges_max)
      return problem(errc::limit_exceeded, "more than 100,000 exchanges");
    out_.exchanges.push_back(std::move(*exchange));
    return {};
  }

  [[nodiscard]] protocol::error problem(errc code,
                                        const std::string& why) const {
    return fail(code, "recording '" + path_ + "': line "
                          + std::to_string(number_) + ": " + why);
  }

  std::string path_;
  protocol::replay_mode mode_;
  std::ifstream in_;
  std::string line_;
  std::size_t number_ = 0;
  recorded_exchanges out_;
};

} // namespace

result<recorded_exchanges> read_exchanges(const std::string& path,
                                          protocol::replay_mode mode) {
  if (auto good = check_file(path); !good)
    return good.error();
  return recording_reader{path, mode}.read();
}

} // namespace troupe
