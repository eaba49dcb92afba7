#pragma once

#include "troupe/protocol/xml_codec_composite.hpp"

#include <bitset>

/// XML forms of described structs: an element with one for each member.
namespace troupe::protocol {

template <described T>
struct xml_codec<T> {
  static void write(xml_writer& out, std::string_view name, const T& x) {
    out.open(name);
    const T defaults{};
    boost::mp11::mp_for_each<members_of<T>>([&](auto d) {
      const auto& member = x.*d.pointer;
      using member_type = std::decay_t<decltype(member)>;
      if constexpr (may_be_absent<T, member_type>)
        if (member == defaults.*d.pointer)
          return;
      xml_codec<member_type>::write(out, d.name, member);
    });
    out.close(name);
  }

  static xml_problem read(const xml_place& at, T& x) {
    if (auto bad = check_branch(at))
      return bad;
    seen_members seen;
    for (auto child = at.element.first_child(); child;
         child = child.next_sibling())
      if (auto bad = read_child(at, child, x, seen))
        return bad;
    return first_missing(at, seen);
  }

private:
  using seen_members =
      std::bitset<boost::mp11::mp_size<members_of<T>>::value + 1>;

  static xml_problem read_child(const xml_place& at, xml_element child, T& x,
                                seen_members& seen) {
    std::size_t index = 0;
    bool is_known = false;
    xml_problem problem;
    for_each_member(x, [&](std::string_view name, auto& member) {
      using member_type = std::decay_t<decltype(member)>;
      if (!is_known && child.is(name)) {
        is_known = true;
        problem = seen.test(index)
                      ? repeated_element(at, child)
                      : xml_codec<member_type>::read({&at, child}, member);
        seen.set(index);
      }
      ++index;
    });
    if (!is_known && !at.skips_unknown())
      problem = unknown_element(at, child, member_names<T>());
    return problem;
  }

  static xml_problem first_missing(const xml_place& at,
                                   const seen_members& seen) {
    std::size_t index = 0;
    xml_problem problem;
    boost::mp11::mp_for_each<members_of<T>>([&](auto d) {
      using member_type = std::decay_t<decltype(std::declval<T&>().*d.pointer)>;
      if constexpr (!may_be_absent<T, member_type>)
        if (!problem && !seen.test(index))
          problem = missing_element(at, d.name);
      ++index;
    });
    return problem;
  }
};

} // namespace troupe::protocol
