#include "source_file.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <fstream>

namespace troupe::tidy {

namespace {

constexpr std::array source_folders = {"protocol", "actors",     "runtime",
                                       "tests",    "benchmarks", "examples"};

constexpr std::string_view fixtures = "tests/tidy/fixtures";

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

/// Blanks what is not code, one line after the other.
class blanker {
public:
  std::string operator()(std::string line) {
    if (mode_ == mode::code && is_include(line))
      return line;
    for (at_ = 0; at_ < line.size();)
      step(line);
    return line;
  }

private:
  enum class mode { code, comment, raw };

  static bool is_include(std::string_view line) {
    const auto first = line.find_first_not_of(" \t");
    return first != std::string_view::npos
           && line.substr(first).starts_with("#include");
  }

  void blank(std::string& line, std::size_t end) {
    end = std::min(end, line.size());
    std::fill(line.begin() + static_cast<std::ptrdiff_t>(at_),
              line.begin() + static_cast<std::ptrdiff_t>(end), ' ');
    at_ = end;
  }

  void blank_through(std::string& line, std::string_view closing) {
    const auto end = line.find(closing, at_);
    if (end == std::string::npos)
      return blank(line, line.size());
    blank(line, end + closing.size());
    mode_ = mode::code;
  }

  void step(std::string& line) {
    if (mode_ == mode::comment)
      return blank_through(line, "*/");
    if (mode_ == mode::raw)
      return blank_through(line, raw_end_);
    const std::string_view rest = std::string_view{line}.substr(at_);
    if (rest.starts_with("//"))
      return blank(line, line.size());
    if (rest.starts_with("/*")) {
      mode_ = mode::comment;
      return blank(line, at_ + 2);
    }
    if (rest.starts_with("R\"") && (at_ == 0 || !is_word(line[at_ - 1])))
      return start_raw(line, rest);
    const bool separator = at_ > 0 && is_word(line[at_ - 1]);
    if (line[at_] == '"' || (line[at_] == '\'' && !separator))
      return blank_literal(line);
    ++at_;
  }

  void start_raw(std::string& line, std::string_view rest) {
    const auto open = rest.find('(');
    if (open == std::string_view::npos) {
      ++at_;
      return;
    }
    raw_end_ = ")" + std::string{rest.substr(2, open - 2)} + "\"";
    mode_ = mode::raw;
    blank(line, at_ + open + 1);
  }

  void blank_literal(std::string& line) {
    const char quote = line[at_];
    auto end = at_ + 1;
    while (end < line.size() && line[end] != quote)
      end += line[end] == '\\' ? 2 : 1;
    blank(line, end + 1);
  }

  mode mode_ = mode::code;
  std::string raw_end_;
  std::size_t at_ = 0;
};

} // namespace

bool source_file::is_under(std::string_view folder) const {
  return path.starts_with(folder) && path.size() > folder.size()
         && path[folder.size()] == '/';
}

bool source_file::is_shipped() const {
  return is_under("protocol") || is_under("actors") || is_under("runtime");
}

bool source_file::is_public() const {
  return is_header()
         && (is_under("protocol/include") || is_under("actors/include")
             || is_under("runtime/include"));
}

std::vector<std::string> read_lines(const std::filesystem::path& path) {
  std::vector<std::string> lines;
  std::ifstream in{path};
  for (std::string line; std::getline(in, line);)
    lines.push_back(line);
  return lines;
}

std::vector<std::string> code_of(const std::vector<std::string>& lines) {
  std::vector<std::string> code;
  code.reserve(lines.size());
  blanker without_text;
  for (const auto& line : lines)
    code.push_back(without_text(line));
  return code;
}

std::vector<source_file> read_tree(const std::filesystem::path& root) {
  namespace fs = std::filesystem;
  std::vector<source_file> files;
  for (const char* folder : source_folders) {
    if (!fs::is_directory(root / folder))
      continue;
    for (const auto& entry : fs::recursive_directory_iterator{root / folder}) {
      const auto extension = entry.path().extension();
      if (!entry.is_regular_file()
          || (extension != ".hpp" && extension != ".cpp"))
        continue;
      source_file file;
      file.path = fs::relative(entry.path(), root).generic_string();
      if (file.is_under(fixtures))
        continue;
      file.lines = read_lines(entry.path());
      file.code = code_of(file.lines);
      files.push_back(std::move(file));
    }
  }
  std::sort(files.begin(), files.end(),
            [](const auto& a, const auto& b) { return a.path < b.path; });
  return files;
}

} // namespace troupe::tidy
