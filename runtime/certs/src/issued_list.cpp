#include "issued_list.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace troupe::certs {

using protocol::errc;
using protocol::fail;
using protocol::instant;
using protocol::result;

namespace {

constexpr std::string_view head = "troupe-certificates 1";

using words = std::array<std::string_view, 6>;

/// Exactly six words with one blank between them.
std::optional<words> split(std::string_view line) {
  words found;
  for (std::size_t i = 0; i + 1 < found.size(); ++i) {
    const auto blank = line.find(' ');
    if (blank == std::string_view::npos)
      return std::nullopt;
    found[i] = line.substr(0, blank);
    line.remove_prefix(blank + 1);
  }
  if (line.find(' ') != std::string_view::npos)
    return std::nullopt;
  found.back() = line;
  return found;
}

bool is_hex(std::string_view text) {
  return !text.empty() && text.size() <= 40
         && std::ranges::all_of(text, [](char c) {
              return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
            });
}

std::optional<issued_certificate> read_line(std::string_view line) {
  const auto found = split(line);
  if (!found)
    return std::nullopt;
  const auto& [serial, role, name, from, until, revoked] = *found;
  peer_role role_read{};
  const auto from_read = protocol::parse_instant(from);
  const auto until_read = protocol::parse_instant(until);
  if (!is_hex(serial) || !protocol::enum_from_name(role, role_read)
      || !is_peer_name(name) || !from_read || !until_read)
    return std::nullopt;
  issued_certificate one{std::string{serial}, role_read,   std::string{name},
                         *from_read,          *until_read, std::nullopt};
  if (revoked == "-")
    return one;
  const auto revoked_read = protocol::parse_instant(revoked);
  if (!revoked_read)
    return std::nullopt;
  one.revoked = *revoked_read;
  return one;
}

protocol::error bad_line(std::size_t number) {
  return fail(errc::config_invalid,
              "issued.txt:" + std::to_string(number)
                  + ": is not as it was written; put back a copy of the file");
}

} // namespace

std::vector<certificate_state>
states_of(const std::vector<issued_certificate>& all, instant now) {
  std::vector<certificate_state> states(all.size());
  std::set<std::string_view> newer; // bounded by issued_max
  for (auto i = all.size(); i-- > 0;) {
    const auto& it = all[i];
    if (it.revoked)
      states[i] = certificate_state::revoked;
    else if (newer.contains(it.name))
      states[i] = certificate_state::replaced;
    else if (it.valid_until < now)
      states[i] = certificate_state::expired;
    newer.insert(it.name);
  }
  return states;
}

std::string write_issued(const std::vector<issued_certificate>& all) {
  std::string text{head};
  text += '\n';
  for (const auto& one : all)
    text += one.serial + ' ' + std::string{protocol::enum_name(one.role)} + ' '
            + one.name + ' ' + protocol::to_text(one.valid_from) + ' '
            + protocol::to_text(one.valid_until) + ' '
            + (one.revoked ? protocol::to_text(*one.revoked) : "-") + '\n';
  return text;
}

result<std::vector<issued_certificate>> read_issued(std::string_view text) {
  std::vector<issued_certificate> all; // bounded by issued_max
  for (std::size_t number = 1; !text.empty(); ++number) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos)
      return bad_line(number);
    const auto line = text.substr(0, end);
    text.remove_prefix(end + 1);
    if (number == 1) {
      if (line != head)
        return bad_line(number);
      continue;
    }
    auto one = read_line(line);
    if (!one)
      return bad_line(number);
    if (all.size() >= issued_max)
      return fail(errc::limit_exceeded, "issued.txt: more than 100000 lines");
    all.push_back(std::move(*one));
  }
  return all;
}

} // namespace troupe::certs
