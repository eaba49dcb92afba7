#include "support/catch.hpp"
#include "troupe/protocol/describe.hpp"
#include "troupe/protocol/errc.hpp"
#include "troupe/protocol/result.hpp"

#include <boost/mp11/algorithm.hpp>

#include <set>
#include <stdexcept>

namespace troupe::protocol {

namespace {

template <class F>
void for_each_code(F&& f) {
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<errc>>(
      [&](auto d) { f(d.value); });
}

} // namespace

TEST_CASE("every code has a name and advice of its own", "[errc]") {
  std::set<std::string_view> names;
  std::set<std::string_view> advice;
  std::size_t codes = 0;
  for_each_code([&](errc code) {
    ++codes;
    CHECK(static_cast<std::size_t>(code) == codes);
    names.insert(to_string(code));
    const auto sentence = advice_for(code);
    INFO(sentence);
    advice.insert(sentence);
    CHECK(sentence.ends_with('.'));
    CHECK(is_described_value(retry_of(code)));
  });
  CHECK(names.size() == codes);
  CHECK(advice.size() == codes);
  CHECK_FALSE(names.contains("unknown"));
}

TEST_CASE("a code of a later version still has a name and advice", "[errc]") {
  const auto later = static_cast<errc>(250);
  CHECK(to_string(later) == "unknown");
  CHECK_FALSE(advice_for(later).empty());
  CHECK(retry_of(later) == retry::never);
}

TEST_CASE("codes say when the same request may be sent again", "[errc]") {
  CHECK(retry_of(errc::stream_truncated) == retry::now);
  CHECK(retry_of(errc::provider_throttled) == retry::later);
  CHECK(retry_of(errc::overloaded) == retry::later);
  CHECK(retry_of(errc::budget_exhausted) == retry::never);
  CHECK(retry_of(errc::cancelled) == retry::never);
  CHECK(retry_of(errc::runtime_ended) == retry::never);
  CHECK(retry_of(errc::quarantined) == retry::never);
  CHECK(retry_of(errc::outdated_incarnation) == retry::never);
}

TEST_CASE("asking a failure for its value throws its code", "[errc]") {
  const result<int> failed = fail(errc::overloaded, "queue 'a' is full");
  CHECK_THROWS_AS(failed.value(), std::runtime_error);
  CHECK_THROWS_WITH(failed.value(), "overloaded: queue 'a' is full");
}

} // namespace troupe::protocol
