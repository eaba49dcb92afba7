#include "yaml/mapping.hpp"

#include "troupe/protocol/nearest.hpp"

#include <algorithm>
#include <charconv>

namespace troupe::yaml {

namespace {

std::string called(std::string_view key) {
  return '\'' + std::string{key} + '\'';
}

} // namespace

bool read_text(const node& at, std::string_view what, problems& found,
               std::string& out) {
  if (at.kind == node_kind::scalar) {
    out = at.text;
    return true;
  }
  found.add(at, std::string{what}
                    + (at.kind == node_kind::null ? " has no value"
                                                  : " must be text"));
  return false;
}

mapping::mapping(const node& at, problems& found) : at_{&at}, found_{&found} {
  if (at.kind != node_kind::mapping)
    found.add(at, "expected fields here, as in 'name: value'");
}

const node* mapping::any(std::string_view key) {
  known_.emplace_back(key);
  return at_->find(key);
}

bool mapping::has(std::string_view key) const {
  return at_->find(key) != nullptr;
}

const node* mapping::list(std::string_view key) {
  const auto* value = any(key);
  if (value == nullptr || value->kind == node_kind::sequence)
    return value;
  found_->add(*value, called(key) + " must be a list");
  return nullptr;
}

const node* mapping::map(std::string_view key) {
  const auto* value = any(key);
  if (value == nullptr || value->kind == node_kind::mapping)
    return value;
  found_->add(*value, called(key) + " must hold fields, as in 'name: value'");
  return nullptr;
}

const node* mapping::scalar_node(std::string_view key,
                                 std::string_view wanted) {
  const auto* value = any(key);
  if (value == nullptr || value->kind == node_kind::scalar)
    return value;
  const auto* claim = value->kind == node_kind::null
                          ? " has no value; it must be "
                          : " must be ";
  found_->add(*value, called(key) + claim + std::string{wanted});
  return nullptr;
}

const node* mapping::text_node(std::string_view key, std::string& out) {
  const auto* value = scalar_node(key, "text");
  if (value != nullptr)
    out = value->text;
  return value;
}

void mapping::text(std::string_view key, std::string& out) {
  static_cast<void>(text_node(key, out));
}

void mapping::money_of(std::string_view key, const protocol::money& whole,
                       protocol::money& out) {
  const auto* value = at_->find(key);
  if (value == nullptr || value->kind != node_kind::scalar
      || !value->text.ends_with('%'))
    return money(key, out);
  (void)any(key);
  auto digits = std::string_view{value->text};
  digits.remove_suffix(1);
  while (digits.ends_with(' '))
    digits.remove_suffix(1);
  std::uint64_t share = 0;
  const auto* end = digits.data() + digits.size();
  const auto read = std::from_chars(digits.data(), end, share);
  if (read.ec != std::errc{} || read.ptr != end || share == 0 || share > 100)
    return found_->add(*value, called(key)
                                   + " must be a share from 1 % to 100 %, not "
                                   + in_quotes(value->text));
  if (whole == protocol::money::max())
    return found_->add(*value, called(key)
                                   + " is a share of the mission's 'budget', "
                                     "which has none; give it one");
  const auto parts = static_cast<std::int64_t>(share);
  out.nano_usd =
      whole.nano_usd / 100 * parts + whole.nano_usd % 100 * parts / 100;
}

void mapping::money(std::string_view key, protocol::money& out) {
  constexpr auto wanted = "an amount like '2.50 USD', not negative";
  const auto* value = scalar_node(key, wanted);
  if (value == nullptr)
    return;
  auto amount = protocol::parse_money(value->text);
  if (!amount || amount->nano_usd < 0)
    found_->add(*value, called(key) + " must be " + wanted + ", not "
                            + in_quotes(value->text));
  else
    out = *amount;
}

void mapping::duration(std::string_view key, protocol::duration& out,
                       protocol::duration least, protocol::duration most) {
  constexpr auto wanted = "a time like '250ms', '30s', '10m' or '2h'";
  const auto* value = scalar_node(key, wanted);
  if (value == nullptr)
    return;
  auto length = protocol::parse_duration(value->text);
  if (!length)
    found_->add(*value, called(key) + " must be " + wanted + ", not "
                            + in_quotes(value->text));
  else if (*length < least || *length > most)
    found_->add(*value, called(key) + " must be from "
                            + protocol::for_people(least) + " to "
                            + protocol::for_people(most) + ", not "
                            + in_quotes(value->text));
  else
    out = *length;
}

void mapping::boolean(std::string_view key, bool& out) {
  const auto* value = scalar_node(key, "true or false");
  if (value == nullptr)
    return;
  if (value->quoted || (value->text != "true" && value->text != "false"))
    found_->add(*value, called(key) + " must be true or false, not "
                            + in_quotes(value->text));
  else
    out = value->text == "true";
}

void mapping::texts(std::string_view key, std::vector<std::string>& out) {
  const auto* value = any(key);
  if (value == nullptr)
    return;
  if (value->kind == node_kind::scalar) {
    out = {value->text};
    return;
  }
  if (value->kind != node_kind::sequence) {
    found_->add(*value, called(key) + " must be a list of texts");
    return;
  }
  std::vector<std::string> read;
  for (const auto& item : value->items) {
    std::string one;
    if (read_text(item, "each item of " + called(key), *found_, one))
      read.push_back(std::move(one));
  }
  out = std::move(read);
}

bool mapping::whole_number(std::string_view key, std::uint64_t& out,
                           std::uint64_t least, std::uint64_t most) {
  std::string wanted = "a whole number ";
  wanted +=
      most == std::numeric_limits<std::uint64_t>::max()
          ? "of " + std::to_string(least) + " or more"
          : "from " + std::to_string(least) + " to " + std::to_string(most);
  const auto* value = scalar_node(key, wanted);
  if (value == nullptr)
    return false;
  const auto& digits = value->text;
  std::uint64_t number = 0;
  const auto* end = digits.data() + digits.size();
  auto [last, ec] = std::from_chars(digits.data(), end, number);
  if (value->quoted || ec != std::errc{} || last != end || number < least
      || number > most) {
    found_->add(*value, called(key) + " must be " + wanted + ", not "
                            + in_quotes(digits));
    return false;
  }
  out = number;
  return true;
}

void mapping::refuse_choice(const node& at, std::string_view name,
                            const std::vector<std::string>& names) {
  if (found_->is_full())
    return;
  std::string all;
  for (const auto& one : names)
    all += (all.empty() ? "" : ", ") + one;
  found_->add(at, in_quotes(name) + " is not one of " + all
                      + protocol::did_you_mean(name, names));
}

void mapping::require(std::string_view key) {
  if (at_->kind == node_kind::mapping && !has(key))
    found_->add(*at_, called(key) + " is missing");
}

void mapping::finish() {
  for (const auto& key : at_->keys)
    if (!found_->is_full()
        && std::find(known_.begin(), known_.end(), key.text) == known_.end())
      found_->add(key, "unknown key " + in_quotes(key.text)
                           + protocol::did_you_mean(key.text, known_));
}

} // namespace troupe::yaml
