#pragma once

#include "schema_words.hpp"

#include <boost/json/value.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace troupe::protocol {

/// Checks one value against a schema that `verify_schema` has found no fault
/// with. The words of a schema are looked at by the kind of value they are for.
class schema_checker {
public:
  schema_checker(const boost::json::value& root, const patterns& all)
      : root_(root), patterns_(all) {}

  [[nodiscard]] std::vector<std::string> run(const boost::json::value& it);

private:
  /// Adds a finding; false.
  bool wrong(const std::string& at, const std::string& what);
  /// Whether it fits, without a word of why not.
  bool fits(const boost::json::value& it, const boost::json::value& schema,
            const std::string& at);
  bool check(const boost::json::value& it, const boost::json::value& schema,
             const std::string& at);
  bool value(const boost::json::value& it, const boost::json::object& words,
             const std::string& at);
  bool number(const boost::json::value& it, const boost::json::object& words,
              const std::string& at);
  /// The words for at least and at most of something that is counted.
  bool counted(std::size_t count, const boost::json::object& words,
               std::string_view least, std::string_view most, const char* what,
               const std::string& at);
  bool matches(const std::string& pattern, std::string_view word,
               const std::string& at);
  bool text(const boost::json::value& it, const boost::json::object& words,
            const std::string& at);
  bool list(const boost::json::value& it, const boost::json::object& words,
            const std::string& at);
  bool are_unique(const boost::json::array& all);
  bool contains(const boost::json::array& all, const boost::json::value& schema,
                const boost::json::object& words, const std::string& at);
  bool members(const boost::json::value& it, const boost::json::object& words,
               const std::string& at);
  bool has_all(const boost::json::object& it, const boost::json::array& names,
               const std::string& at);
  bool one_member(const boost::json::key_value_pair& member,
                  const boost::json::object& words, const std::string& at);
  bool joined(const boost::json::value& it, const boost::json::object& words,
              const std::string& at);

  const boost::json::value& root_;
  const patterns& patterns_;
  std::vector<std::string> findings_;
  std::size_t steps_ = 0;
  int depth_ = 0;
  int quiet_ = 0;
};

} // namespace troupe::protocol
