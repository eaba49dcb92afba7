#include "clip.hpp"
#include "text_digest_sentences.hpp"
#include "text_digest_words.hpp"

#include <algorithm>
#include <array>

namespace troupe::actors {

namespace {

constexpr std::size_t heading_bytes_max = 70;
constexpr std::size_t line_bytes_max = 300;
constexpr std::size_t sampled_lines = 200;

constexpr auto declarators = std::to_array<std::string_view>(
    {"abstract", "async",    "class",   "concept",   "def",     "enum",
     "export",   "fn",       "func",    "function",  "impl",    "interface",
     "module",   "package",  "private", "protected", "public",  "static",
     "struct",   "template", "trait",   "type",      "typedef", "union",
     "using",    "virtual"});

constexpr auto flow_words = std::to_array<std::string_view>(
    {"catch", "else", "elif", "for", "if", "return", "switch", "try", "while",
     "with", "}"});

std::string_view first_word(std::string_view line) noexcept {
  return line.substr(0, line.find_first_of(" \t("));
}

template <std::size_t Size>
bool is_one_of(const std::array<std::string_view, Size>& words,
               std::string_view word) noexcept {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool is_comment(std::string_view line) noexcept {
  return line.starts_with("//") || line.starts_with("/*")
         || line.starts_with("* ") || line.starts_with("# ")
         || line.starts_with("-- ") || line.starts_with("\"\"\"");
}

/// A name directly before a parenthesis: a call or the head of a function.
bool has_call(std::string_view line) noexcept {
  const auto open = line.find('(');
  return open != std::string_view::npos && open > 0
         && (is_letter(line[open - 1]) || is_digit(line[open - 1])
             || line[open - 1] == '_');
}

bool consists_of(std::string_view line, std::string_view set) noexcept {
  return line.find_first_not_of(set) == std::string_view::npos;
}

bool is_markup(std::string_view line) noexcept {
  return line.front() == '<' && line.back() == '>' && line.size() <= 120
         && line.find('>') == line.size() - 1;
}

/// Bytes of a list marker with the spaces after it; 0 when there is none.
std::size_t list_marker(std::string_view line) noexcept {
  std::size_t at = 0;
  if (line.starts_with("\xE2\x80\xA2")) {
    at = 3;
  } else if (line[0] == '-' || line[0] == '*' || line[0] == '+') {
    at = 1;
  } else {
    at = line[0] == '(' ? 1 : 0;
    const auto begin = at;
    while (at < line.size() && at - begin < 3 && is_digit(line[at]))
      ++at;
    if (at == begin || at >= line.size()
        || (line[at] != '.' && line[at] != ')'))
      return 0;
    ++at;
  }
  const auto text = line.find_first_not_of(" \t", at);
  return text == std::string_view::npos || text == at ? 0 : text;
}

/// Bytes of a Markdown heading's `#`s; 0 when it is none.
std::size_t heading_marker(std::string_view line) noexcept {
  const auto bytes = std::min(line.find_first_not_of('#'), line.size());
  return bytes <= 6 && bytes < line.size() && line[bytes] == ' ' ? bytes : 0;
}

bool is_heading(std::string_view paragraph) noexcept {
  return paragraph.size() <= heading_bytes_max
         && paragraph.find('\n') == std::string_view::npos
         && std::string_view{".!?:;,\")"}.find(paragraph.back())
                == std::string_view::npos
         && static_cast<unsigned char>(paragraph.back()) < 0x80;
}

/// A fourth of the first lines that are not blank.
bool is_mostly_code(std::string_view text) noexcept {
  std::size_t lines = 0, code = 0;
  for (std::size_t at = 0; at < text.size() && lines < sampled_lines;) {
    const auto end = std::min(text.find('\n', at), text.size());
    const auto line = trim(text.substr(at, end - at));
    at = end + 1;
    if (line.starts_with("```"))
      return false; // marks its code itself
    lines += line.empty() ? 0 : 1;
    code += looks_like_code(line) ? 1 : 0;
  }
  return lines > 1 && code * 4 >= lines;
}

/// Reads line by line; a paragraph is the view from its first to its last line.
class passage_splitter {
public:
  passage_splitter(std::string_view text, std::size_t count_max)
      : text_(text), count_max_(count_max) {}

  std::vector<passage> run() {
    is_code_ = is_mostly_code(text_);
    for (std::size_t at = 0; at < text_.size() && !is_full();) {
      const auto end = std::min(text_.find('\n', at), text_.size());
      take(trim(text_.substr(at, end - at)));
      at = end + 1;
    }
    flush();
    return std::move(found_);
  }

private:
  bool is_full() const { return found_.size() >= count_max_; }

  void take(std::string_view line) {
    if (line.starts_with("```") || line.starts_with("~~~")) {
      flush();
      in_fence_ = !in_fence_;
    } else if (line.empty()) {
      flush();
    } else if (in_fence_ || is_code_) {
      add(line, passage_kind::code);
    } else {
      take_text(line);
    }
  }

  void take_text(std::string_view line) {
    if (line.size() >= 3
        && (consists_of(line, "-") || consists_of(line, "=")
            || consists_of(line, "* ") || consists_of(line, "_"))) {
      flush();
    } else if (is_markup(line)) {
      flush();
    } else if (const auto bytes = heading_marker(line); bytes != 0) {
      flush();
      add(trim(line.substr(bytes)), passage_kind::heading);
    } else if (line[0] == '|') {
      flush();
      if (!consists_of(line, "|-: "))
        add(line, passage_kind::list_item);
    } else if (line[0] == '>') {
      flush();
      while (!line.empty() && (line[0] == '>' || line[0] == ' '))
        line.remove_prefix(1);
      extend(line);
      flush();
    } else if (looks_like_code(line)) {
      flush();
      add(line, passage_kind::code);
    } else {
      take_prose(line);
    }
  }

  void take_prose(std::string_view line) {
    if (const auto marker = list_marker(line); marker != 0) {
      flush();
      extend(line.substr(marker));
      is_item_ = true;
    } else {
      extend(line);
    }
  }

  void extend(std::string_view line) {
    if (line.empty())
      return;
    const auto begin = paragraph_.empty() ? line.data() : paragraph_.data();
    const auto bytes = line.data() + line.size() - begin;
    paragraph_ = {begin, static_cast<std::size_t>(bytes)};
  }

  void flush() {
    if (!paragraph_.empty()) {
      if (!is_item_ && is_heading(paragraph_)) {
        add(paragraph_, passage_kind::heading);
      } else {
        ++block_;
        const auto kind =
            is_item_ ? passage_kind::list_item : passage_kind::sentence;
        for (const auto sentence : split_sentences(paragraph_))
          if (!is_full())
            found_.push_back({sentence, kind, block_});
      }
    }
    paragraph_ = {};
    is_item_ = false;
  }

  void add(std::string_view line, passage_kind kind) {
    if (kind != passage_kind::code || found_.empty()
        || found_.back().kind != kind)
      ++block_;
    // A longer line of code or table is data; its head tells enough.
    found_.push_back({trim(clip(line, line_bytes_max)), kind, block_});
  }

  std::string_view text_;
  std::size_t count_max_;
  std::string_view paragraph_;
  bool is_item_ = false;
  bool in_fence_ = false;
  bool is_code_ = false;
  std::uint32_t block_ = 0;
  std::vector<passage> found_;
};

} // namespace

bool is_telling_code(std::string_view line) noexcept {
  line = trim(line);
  if (is_comment(line))
    return line.size() > 4;
  const auto first = first_word(line);
  if (is_one_of(declarators, first))
    return true;
  return has_call(line) && !is_one_of(flow_words, first)
         && (line.ends_with('{') || line.ends_with(':'));
}

bool looks_like_code(std::string_view line) noexcept {
  line = trim(line);
  if (line.empty())
    return false;
  if (line.ends_with('{') || line.starts_with("//") || line.starts_with("/*")
      || line.starts_with("#include") || line.starts_with("#!")
      || consists_of(line, "{}();,"))
    return true;
  if (line.ends_with(';'))
    return has_call(line) || line.find('=') != std::string_view::npos
           || line.find("::") != std::string_view::npos
           || is_one_of(declarators, first_word(line));
  return line.ends_with(':')
         && (first_word(line) == "def" || first_word(line) == "class");
}

std::vector<passage> split_passages(std::string_view text,
                                    std::size_t count_max) {
  return passage_splitter{text, count_max}.run();
}

} // namespace troupe::actors
