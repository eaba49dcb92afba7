#include "piece_store.hpp"
#include "support/catch.hpp"
#include "support/protocol/random_source.hpp"

#include <map>

using namespace troupe::actors;
using troupe::protocol::test::random_source;

namespace {

std::string noise(random_source& source, std::size_t size) {
  std::string text(size, '\0');
  for (auto& c : text)
    c = static_cast<char>(source.next());
  return text;
}

} // namespace

TEST_CASE("texts come back whole, and leave nothing behind", "[piece_store]") {
  random_source source{3};
  piece_store store;
  std::map<int, std::pair<std::string, piece_store::text_in_pieces>> kept;
  std::string last;
  for (int i = 0; i < 500; ++i) {
    auto text = source.coin() ? last.substr(0, source.below(last.size() + 1))
                              : std::string{};
    text += noise(source, source.below(5'000));
    last = text;
    auto pieces = store.add(text);
    kept.emplace(i, std::pair{std::move(text), std::move(pieces)});
    if (source.coin()) {
      const auto which =
          kept.lower_bound(static_cast<int>(source.below(i + 1U)));
      if (which != kept.end()) {
        store.remove(which->second.second);
        kept.erase(which);
      }
    }
    for (const auto& [number, it] : kept)
      REQUIRE(piece_store::join(it.second) == it.first);
  }
  for (const auto& [number, it] : kept)
    store.remove(it.second);
  CHECK(store.bytes() == 0);
  CHECK(store.size() == 0);
}

TEST_CASE("pieces keep to their bounds", "[piece_store]") {
  random_source source{5};
  const auto text = noise(source, 1'000'000);
  std::string_view rest = text;
  std::size_t count = 0;
  while (!rest.empty()) {
    const auto size = first_piece(rest);
    REQUIRE(size <= piece_store::piece_bytes_max);
    REQUIRE((size >= piece_store::piece_bytes_min || size == rest.size()));
    rest.remove_prefix(size);
    ++count;
  }
  CHECK(count > 1'000'000 / 1'000);
  CHECK(count < 1'000'000 / 400);
}

TEST_CASE("an insertion in the middle costs a few pieces", "[piece_store]") {
  random_source source{9};
  auto text = noise(source, 100'000);
  piece_store store;
  (void)store.add(text);
  const auto before = store.bytes();
  text.insert(50'000, "inserted");
  (void)store.add(text);
  CHECK(store.bytes() - before < 3 * piece_store::piece_bytes_max);
}
