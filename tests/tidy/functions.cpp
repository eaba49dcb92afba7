#include "functions.hpp"

#include <cctype>
#include <regex>

namespace troupe::tidy {

namespace {

/// What a brace opens.
enum class scope { names, body, other };

/// The part of `head` after its last parenthesis at depth zero.
std::string after_parentheses(const std::string& head) {
  const auto last = head.rfind(')');
  return last == std::string::npos ? head : head.substr(last + 1);
}

scope opened_by(const std::string& head) {
  static const std::regex template_head{R"(^\s*template\s*<[^()]*?>\s*)"};
  static const std::regex first_word{
      R"(^\s*(inline\s+)?(namespace|extern|struct|class|union|enum)\b)"};
  static const std::regex later_word{
      R"(\b(struct|class|union|enum|namespace)\b)"};
  const auto plain = std::regex_replace(head, template_head, "");
  const auto tail = after_parentheses(plain);
  if (std::regex_search(plain, first_word)
      || std::regex_search(tail, later_word))
    return scope::names;
  return plain.find('(') == std::string::npos ? scope::other : scope::body;
}

/// Walks over the characters of a file and keeps the open brackets.
class walker {
public:
  void step(char c, char next, std::size_t line) {
    line_ = line;
    if (inner_ > 0)
      return skip(c, next);
    switch (c) {
    case '(':
      ++parentheses_;
      return append(c);
    case ')':
      --parentheses_;
      return append(c);
    case '{':
      return open();
    case '}':
      return restart();
    case '\f': // an empty line: what stood before was a macro call
      return parentheses_ == 0 ? restart() : append(c);
    case ';':
      return parentheses_ == 0 ? restart() : append(c);
    case ':':
      return is_access_label(next) ? restart() : append(c);
    default:
      append(c);
    }
  }

  std::vector<function> found;

private:
  void append(char c) {
    const bool blank = std::isspace(static_cast<unsigned char>(c)) != 0;
    if (head_.empty()) {
      if (blank)
        return;
      head_line_ = line_;
    }
    head_ += blank ? ' ' : c;
  }

  void restart() {
    head_.clear();
    parentheses_ = 0;
  }

  [[nodiscard]] bool is_access_label(char next) const {
    return next != ':'
           && (head_ == "public" || head_ == "private" || head_ == "protected");
  }

  void open() {
    const auto kind = parentheses_ > 0 ? scope::other : opened_by(head_);
    if (kind == scope::names)
      return restart();
    is_body_ = kind == scope::body;
    inner_ = 1;
  }

  void skip(char c, char next) {
    if (c == '{')
      ++inner_;
    if (c != '}' || --inner_ > 0)
      return;
    // A member's initialiser: the function's own body is still to come.
    if (next == ',' || next == '{' || parentheses_ > 0)
      return append('}');
    if (is_body_)
      found.push_back({head_, head_line_, line_ - head_line_ + 1});
    if (is_body_)
      restart();
  }

  std::size_t line_ = 0;
  std::size_t head_line_ = 0;
  std::string head_;
  int parentheses_ = 0;
  int inner_ = 0; ///< Open braces within a body or an initialiser.
  bool is_body_ = false;
};

bool is_directive(const std::string& line) {
  const auto first = line.find_first_not_of(" \t");
  return first != std::string::npos && line[first] == '#';
}

} // namespace

std::vector<function> functions_of(const source_file& file) {
  std::string text;
  std::vector<std::size_t> line_of;
  bool in_directive = false;
  for (std::size_t n = 0; n < file.code.size(); ++n) {
    const auto& line = file.code[n];
    in_directive = in_directive || is_directive(line);
    if (!in_directive) {
      text += file.lines[n].empty() ? "\f" : line;
      text += '\n';
      line_of.resize(text.size(), n);
    }
    in_directive = in_directive && line.ends_with('\\');
  }
  walker walk;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto next = text.find_first_not_of(" \n\t\f", at + 1);
    walk.step(text[at], next == std::string::npos ? '\0' : text[next],
              line_of[at]);
  }
  return walk.found;
}

bool is_behaviour(const function& f) {
  static const std::regex table{
      R"(\b(behavior_type|caf::behavior|make_behavior)\b)"};
  return std::regex_search(f.head, table);
}

} // namespace troupe::tidy
