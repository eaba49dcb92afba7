#include "troupe/protocol/condition.hpp"

#include "condition_values.hpp"

#include <array>
#include <charconv>
#include <utility>

namespace troupe::protocol {

namespace {

constexpr std::size_t bytes_max = 4'096;
constexpr int depth_max = 32;

bool is_space(char c) noexcept {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

bool is_word(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
         || (c >= '0' && c <= '9') || c == '_';
}

} // namespace

/// Recursive descent; each level of the grammar is a function.
class condition::reader {
public:
  explicit reader(std::string_view text) : text_(text) {}

  result<condition> read() {
    if (text_.size() > bytes_max)
      return fail(errc::mission_invalid, "the condition has more than 4,096 "
                                         "bytes");
    (void)either();
    skip();
    if (!failed_ && at_ != text_.size())
      expect("'and', 'or' or the end");
    if (failed_)
      return fail(errc::mission_invalid,
                  "the condition '" + std::string{text_} + "': " + why_);
    return std::move(made_);
  }

private:
  std::size_t expect(const std::string& what) {
    if (!failed_)
      why_ = "expected " + what + " at place " + std::to_string(at_ + 1);
    failed_ = true;
    return 0;
  }

  void skip() {
    while (at_ < text_.size() && is_space(text_[at_]))
      ++at_;
  }

  bool take(std::string_view sign) {
    skip();
    if (failed_ || !text_.substr(at_).starts_with(sign))
      return false;
    const auto end = at_ + sign.size();
    if (is_word(sign.back()) && end < text_.size() && is_word(text_[end]))
      return false;
    at_ = end;
    return true;
  }

  std::size_t add(op what, std::size_t left, std::size_t right = 0) {
    made_.nodes_.push_back({what, left, right});
    return made_.nodes_.size() - 1;
  }

  std::size_t either() {
    if (++depth_ > depth_max)
      return expect("at most 32 levels");
    auto left = both();
    while (take("or")) {
      const auto right = both();
      left = add(op::either, left, right);
    }
    --depth_;
    return left;
  }

  std::size_t both() {
    auto left = negated();
    while (take("and")) {
      const auto right = negated();
      left = add(op::both, left, right);
    }
    return left;
  }

  std::size_t negated() {
    std::size_t count = 0;
    while (take("not"))
      ++count;
    const auto inner = compared();
    return count % 2 == 0 ? inner : add(op::negate, inner);
  }

  std::size_t compared() {
    static constexpr std::array<std::pair<std::string_view, op>, 7> signs{
        {{"==", op::equal},
         {"!=", op::unequal},
         {"<=", op::at_most},
         {">=", op::at_least},
         {"<", op::less},
         {">", op::more},
         {"contains", op::contains}}};
    const auto left = value();
    for (const auto& [sign, what] : signs)
      if (take(sign)) {
        const auto right = value();
        return add(what, left, right);
      }
    return left;
  }

  std::size_t value() {
    skip();
    if (take("(")) {
      const auto inner = either();
      return take(")") ? inner : expect("')'");
    }
    const auto rest = text_.substr(at_);
    if (rest.starts_with("${"))
      return referred(rest);
    if (rest.starts_with('"') || rest.starts_with('\''))
      return quoted(rest);
    if (take("true"))
      return literal(true);
    if (take("false"))
      return literal(false);
    if (take("null"))
      return literal(nullptr);
    return number(rest);
  }

  std::size_t literal(boost::json::value it) {
    made_.literals_.push_back(std::move(it));
    return add(op::literal, made_.literals_.size() - 1);
  }

  std::size_t referred(std::string_view rest) {
    const auto end = rest.find('}');
    if (end == std::string_view::npos)
      return expect("'}' behind '${'");
    auto found = references_in(rest.substr(0, end + 1));
    if (!found) {
      failed_ = true;
      why_ = found.error().detail;
      return 0;
    }
    if (found->size() != 1)
      return expect("a reference as in ${TASK.output}");
    made_.references_.push_back(std::move(found->front()));
    at_ += end + 1;
    return add(op::refer, made_.references_.size() - 1);
  }

  std::size_t quoted(std::string_view rest) {
    const auto end = rest.find(rest.front(), 1);
    if (end == std::string_view::npos)
      return expect("the end of a text in quotes");
    at_ += end + 1;
    return literal(boost::json::string(rest.substr(1, end - 1)));
  }

  std::size_t number(std::string_view rest) {
    double read = 0;
    const auto end =
        std::from_chars(rest.data(), rest.data() + rest.size(), read);
    if (rest.empty() || end.ec != std::errc{} || !is_plain_number(read))
      return expect("a value: a reference, a number, a text in quotes, true, "
                    "false or null");
    at_ += static_cast<std::size_t>(end.ptr - rest.data());
    return literal(read);
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int depth_ = 0;
  bool failed_ = false;
  std::string why_;
  condition made_;
};

result<condition> condition::parse(std::string_view text) {
  return reader{text}.read();
}

boost::json::value condition::value_at(std::size_t at,
                                       const text_source& texts) const {
  // No deeper than the text has levels and joins; `reader` bounds both.
  const auto& it = nodes_[at];
  const auto left = [&] {
    return value_at(it.left, texts);
  };
  const auto right = [&] {
    return value_at(it.right, texts);
  };
  switch (it.what) {
  case op::literal:
    return literals_[it.left];
  case op::refer:
    return value_behind(references_[it.left], texts)
        .value_or(boost::json::value{});
  case op::negate:
    return !counts_as_true(left());
  case op::both:
    return counts_as_true(left()) && counts_as_true(right());
  case op::either:
    return counts_as_true(left()) || counts_as_true(right());
  case op::equal:
    return is_equal(left(), right());
  case op::unequal:
    return !is_equal(left(), right());
  case op::less:
    return is_less(left(), right());
  case op::at_most:
    return is_at_most(left(), right());
  case op::more:
    return is_less(right(), left());
  case op::at_least:
    return is_at_most(right(), left());
  case op::contains:
    return is_in(right(), left());
  }
  return nullptr;
}

bool condition::holds(const text_source& texts) const {
  return nodes_.empty() || counts_as_true(value_at(nodes_.size() - 1, texts));
}

} // namespace troupe::protocol
