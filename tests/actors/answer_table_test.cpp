#include "answer_rules.hpp"
#include "answer_table.hpp"
#include "support/catch.hpp"
#include "support/protocol/random_source.hpp"

using namespace std::chrono_literals;
using namespace troupe;
using namespace troupe::actors;
using protocol::instant;

namespace {

answer_key_ptr key(const std::string& bytes) {
  return std::make_shared<const answer_key>(
      answer_key{{1, bytes.size()}, bytes}); // prints that often are equal
}

kept_answer_ptr answer(const std::string& text, instant until) {
  kept_answer it{{}, until};
  it.reply.content = {protocol::text_part{text}};
  return std::make_shared<const kept_answer>(std::move(it));
}

std::size_t weight_with(const std::string& bytes, const kept_answer_ptr& it) {
  return answer_table::overhead + bytes.size() + weight_of(it->reply);
}

protocol::duration ns(std::size_t count) {
  return protocol::duration{static_cast<std::int64_t>(count)};
}

answer_limits bounds(std::size_t entries, std::size_t bytes) {
  answer_limits limits;
  limits.entries = entries;
  limits.bytes = bytes;
  return limits;
}

/// The table as one would write it without care for time.
class naive_table {
public:
  explicit naive_table(const answer_limits& limits) : limits_(limits) {}

  kept_answer_ptr find(const std::string& key, instant now) {
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      if (rows_[i].key != key)
        continue;
      const auto found = rows_[i];
      rows_.erase(rows_.begin() + static_cast<std::ptrdiff_t>(i));
      if (found.what->until <= now)
        return nullptr;
      rows_.push_back(found); // the newest last
      return found.what;
    }
    return nullptr;
  }

  void put(const std::string& key, const kept_answer_ptr& what, instant now) {
    std::erase_if(rows_, [&](const row& it) { return it.key == key; });
    if (what->until <= now || weight_with(key, what) > limits_.bytes)
      return;
    rows_.push_back({key, what});
    while (rows_.size() > limits_.entries || bytes() > limits_.bytes)
      rows_.erase(rows_.begin());
  }

  std::size_t bytes() const {
    std::size_t sum = 0;
    for (const auto& it : rows_)
      sum += weight_with(it.key, it.what);
    return sum;
  }

  std::size_t size() const { return rows_.size(); }

private:
  struct row {
    std::string key;
    kept_answer_ptr what;
  };
  answer_limits limits_;
  std::vector<row> rows_;
};

} // namespace

TEST_CASE("keys with one print and other bytes are two keys",
          "[answer_table]") {
  answer_table it{{}};
  const instant end{1h};
  it.put(key("aa"), answer("1", end), {});
  CHECK(it.find(key("ab"), {}) == nullptr);
  it.put(key("ab"), answer("2", end), {});
  CHECK(text_of(it.find(key("aa"), {})->reply.content) == "1");
  CHECK(text_of(it.find(key("ab"), {})->reply.content) == "2");
}

TEST_CASE("the least recently used answer goes first", "[answer_table]") {
  answer_table it{bounds(2, 1U << 20U)};
  const instant end{1h};
  it.put(key("a"), answer("1", end), {});
  it.put(key("bb"), answer("2", end), {});
  CHECK(it.find(key("a"), {}) != nullptr);
  it.put(key("ccc"), answer("3", end), {});
  CHECK(it.find(key("bb"), {}) == nullptr);
  CHECK(it.find(key("a"), {}) != nullptr);
  CHECK(it.find(key("ccc"), {}) != nullptr);
}

TEST_CASE("an answer above the bounds throws nothing out", "[answer_table]") {
  answer_table it{bounds(10, 2'000)};
  const instant end{1h};
  it.put(key("a"), answer("1", end), {});
  it.put(key("bb"), answer(std::string(3'000, 'x'), end), {});
  CHECK(it.find(key("a"), {}) != nullptr);
  CHECK(it.find(key("bb"), {}) == nullptr);
}

TEST_CASE("a table does at random what a naive one does", "[answer_table]") {
  const auto seed = GENERATE(range(1, 21));
  CAPTURE(seed);
  protocol::test::random_source source{static_cast<std::uint64_t>(seed)};
  const auto limits = bounds(1 + source.below(12), 600 + source.below(12'000));
  answer_table table{limits};
  naive_table naive{limits};
  instant now{};
  for (int step = 0; step < 2'000; ++step) {
    now += ns(source.below(100));
    const std::string bytes(1 + source.below(4),
                            static_cast<char>('a' + source.below(5)));
    if (source.below(2) == 0) {
      REQUIRE(table.find(key(bytes), now) == naive.find(bytes, now));
    } else {
      const auto what = answer(std::string(source.below(1'500), 'x'),
                               now + ns(source.below(2'000)));
      table.put(key(bytes), what, now);
      naive.put(bytes, what, now);
    }
    REQUIRE(table.size() == naive.size());
    REQUIRE(table.bytes() == naive.bytes());
    REQUIRE(table.bytes() <= limits.bytes);
  }
}
