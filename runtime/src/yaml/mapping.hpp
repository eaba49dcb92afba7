#pragma once

#include "troupe/protocol/describe.hpp"
#include "troupe/protocol/money.hpp"
#include "troupe/protocol/time.hpp"
#include "yaml/document.hpp"

#include <concepts>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::yaml {

/// Reads the fields of one YAML mapping. A field that is absent leaves its
/// variable as it was; one that is wrong adds a problem at its place and leaves
/// the variable too. Usage:
///
///     mapping m{node, found};
///     m.text("id", spec.id);
///     m.integer("attempts", spec.attempts_max, 1, 20);
///     m.finish(); // tells unknown keys, each with the nearest known one
///
/// The node and the problems must outlive it. Not thread-safe.
class mapping {
public:
  /// A node that is no mapping is a problem; then every field is absent.
  mapping(const node& at, problems& found);

  void text(std::string_view key, std::string& out);
  void money(std::string_view key, protocol::money& out);
  /// An amount, or a share of `whole` as in `25 %`; a share of all there is
  /// (`money::max()`) is a problem.
  void money_of(std::string_view key, const protocol::money& whole,
                protocol::money& out);
  /// `least` and `most` are inclusive.
  void duration(std::string_view key, protocol::duration& out,
                protocol::duration least, protocol::duration most);
  void boolean(std::string_view key, bool& out);
  /// A list of texts; a single text stands for a list of one.
  void texts(std::string_view key, std::vector<std::string>& out);

  template <std::unsigned_integral T>
  void integer(std::string_view key, T& out, T least = 0,
               T most = std::numeric_limits<T>::max()) {
    std::uint64_t value = out;
    if (whole_number(key, value, least, most))
      out = static_cast<T>(value);
  }

  /// One of the described values of an enum.
  template <protocol::described_enum E>
  void choice(std::string_view key, E& out) {
    std::string name;
    const auto* at = text_node(key, name);
    if (at == nullptr || protocol::enum_from_name(name, out))
      return;
    std::vector<std::string> names;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>(
        [&](auto d) { names.emplace_back(d.name); });
    refuse_choice(*at, name, names);
  }

  /// A list of them; a single one stands for a list of one.
  template <protocol::described_enum E>
  void choices(std::string_view key, std::vector<E>& out) {
    std::vector<std::string> said;
    texts(key, said);
    std::vector<std::string> names;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>(
        [&](auto d) { names.emplace_back(d.name); });
    for (const auto& name : said)
      if (E value{}; protocol::enum_from_name(name, value))
        out.push_back(value);
      else
        refuse_choice(*any(key), name, names);
  }

  /// The value under `key`, whatever it is, or null; the key is known then.
  const node* any(std::string_view key);
  /// The sequence or the mapping under `key`, or null.
  const node* list(std::string_view key);
  const node* map(std::string_view key);
  [[nodiscard]] bool has(std::string_view key) const;
  /// Adds a problem when `key` is absent.
  void require(std::string_view key);
  /// Adds a problem for each key that was not asked for.
  void finish();

  [[nodiscard]] const node& at() const { return *at_; }
  [[nodiscard]] problems& found() const { return *found_; }

private:
  const node* scalar_node(std::string_view key, std::string_view wanted);
  const node* text_node(std::string_view key, std::string& out);
  bool whole_number(std::string_view key, std::uint64_t& out,
                    std::uint64_t least, std::uint64_t most);
  void refuse_choice(const node& at, std::string_view name,
                     const std::vector<std::string>& names);

  const node* at_;
  problems* found_;
  std::vector<std::string> known_;
};

/// Reads a scalar as text. Adds a problem, that `what` must be text, otherwise.
[[nodiscard]] bool read_text(const node& at, std::string_view what,
                             problems& found, std::string& out);

} // namespace troupe::yaml
