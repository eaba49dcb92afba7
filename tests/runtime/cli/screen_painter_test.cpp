#include "cli/screen_painter.hpp"
#include "support/catch.hpp"

using namespace troupe::cli;
using troupe::report::screen_size;

namespace {

/// As much of a terminal as the painter speaks to.
class fake_terminal {
public:
  explicit fake_terminal(std::size_t rows) : lines_(rows) {}

  void feed(const std::string& bytes) {
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      if (bytes[i] == '\x1b')
        i = command(bytes, i);
      else if (bytes[i] == '\r')
        column_ = 0;
      else if (bytes[i] == '\n')
        ++row_;
      else
        put(bytes[i]);
      if (row_ == lines_.size()) { // scrolls
        lines_.erase(lines_.begin());
        lines_.emplace_back();
        --row_;
      }
    }
  }

  [[nodiscard]] std::string text() const {
    std::string all;
    for (const auto& line : lines_)
      all += line + '|';
    return all;
  }

  bool cursor_shown = true;

private:
  void put(char c) {
    auto& line = lines_[row_];
    line.resize(std::max(line.size(), column_ + 1), ' ');
    line[column_++] = c;
  }

  std::size_t command(const std::string& bytes, std::size_t at) {
    auto end = at + 2;
    while (bytes[end] < '@')
      ++end;
    const auto number = bytes.substr(at + 2, end - at - 2);
    switch (bytes[end]) {
    case 'A':
      row_ -= std::min<std::size_t>(row_, std::stoul(number));
      break;
    case 'K':
      lines_[row_].resize(std::min(lines_[row_].size(), column_));
      break;
    case 'J':
      lines_[row_].resize(std::min(lines_[row_].size(), column_));
      for (auto i = row_ + 1; i < lines_.size(); ++i)
        lines_[i].clear();
      break;
    case 'h':
      cursor_shown = true;
      break;
    case 'l':
      cursor_shown = false;
      break;
    default:
      break;
    }
    return end;
  }

  std::vector<std::string> lines_;
  std::size_t row_ = 0;
  std::size_t column_ = 0;
};

const screen_size screen{20, 6};

} // namespace

TEST_CASE("a picture appears below what stood there", "[screen_painter]") {
  fake_terminal terminal{6};
  screen_painter painter;
  terminal.feed("$ troupe\r\n");
  terminal.feed(painter.update({"one", "two"}, screen));
  CHECK(terminal.text() == "$ troupe|one|two||||");
  CHECK_FALSE(terminal.cursor_shown);
  terminal.feed(painter.update({"one", "2"}, screen));
  CHECK(terminal.text() == "$ troupe|one|2||||");
  terminal.feed(painter.update({"1"}, screen));
  CHECK(terminal.text() == "$ troupe|1|||||");
  terminal.feed(painter.update({"1", "2", "3", "4", "5"}, screen));
  CHECK(terminal.text() == "1|2|3|4|5||");
  terminal.feed(painter.update({"1", "2", "3", "4", "six"}, screen));
  CHECK(terminal.text() == "1|2|3|4|six||");
}

TEST_CASE("lines that stay the same are not sent again", "[screen_painter]") {
  screen_painter painter;
  (void)painter.update({"first line", "second line"}, screen);
  const auto bytes = painter.update({"first line", "changed"}, screen);
  CHECK(bytes.find("first") == std::string::npos);
  CHECK(bytes.find("changed") != std::string::npos);
}

TEST_CASE("the end gives the cursor back, with or without the picture",
          "[screen_painter]") {
  for (const bool erase : {true, false}) {
    fake_terminal terminal{6};
    screen_painter painter;
    CHECK(painter.finish(erase).empty());
    terminal.feed(painter.update({"one", "two"}, screen));
    terminal.feed(painter.finish(erase));
    terminal.feed("report");
    CHECK(terminal.text() == (erase ? "report||||||" : "one|two|report||||"));
    CHECK(terminal.cursor_shown);
  }
}

TEST_CASE("a new size draws everything anew", "[screen_painter]") {
  fake_terminal terminal{6};
  screen_painter painter;
  terminal.feed(painter.update({"one", "two"}, screen));
  terminal.feed(painter.update({"one", "two"}, {30, 6}));
  CHECK(terminal.text() == "one|two|||||");
}

TEST_CASE("what the user types does not stay", "[screen_painter]") {
  fake_terminal terminal{6};
  screen_painter painter;
  terminal.feed(painter.update({"one", "two"}, screen));
  terminal.feed("^C");
  terminal.feed(painter.update({"one", "two"}, screen));
  CHECK(terminal.text() == "one|two|||||");
}
