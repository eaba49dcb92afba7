#include "fact.hpp"

#include <troupe/protocol/fingerprint.hpp>

namespace troupe::testing::sim {

std::string to_text(const fact& it) {
  std::string out = std::string{protocol::enum_name(it.what)};
  if (it.run)
    out += " run " + protocol::to_string(it.run);
  if (!it.name.empty())
    out += ' ' + it.name;
  if (it.number != 0 || it.other != 0)
    out += ' ' + std::to_string(it.number);
  if (it.other != 0)
    out += '/' + std::to_string(it.other);
  if (!it.text.empty())
    out += ": " + it.text;
  return out;
}

std::uint64_t digest_of(const history& all) {
  protocol::fingerprint_builder mix;
  for (const auto& it : all.facts) {
    mix.add_value(it.what);
    mix.add_value(it.at);
    mix.add_value(it.run);
    mix.add(it.name);
    mix.add(it.text);
    mix.add_value(static_cast<std::uint64_t>(it.number));
    mix.add_value(static_cast<std::uint64_t>(it.other));
  }
  const auto whole = mix.finish();
  return whole.high ^ whole.low;
}

} // namespace troupe::testing::sim
