#include "catalogue/listed_models.hpp"
#include "catalogue/model_reader.hpp"
#include "catalogue/models_cache.hpp"
#include "support/catch.hpp"
#include "support/runtime/fake_upstream.hpp"
#include "support/scratch_folder.hpp"

#include <troupe/protocol/catalogue.hpp>

#include <fstream>
#include <sstream>

using namespace troupe;
using namespace std::chrono_literals;
using models::price_of_million;
using models::read_listed_models;
using protocol::errc;

namespace {

const protocol::instant today{1'795'305'600s}; // 2026-11-22

std::string item(const std::string& id, const std::string& pricing,
                 const std::string& more = {}) {
  return R"({"id":")" + id + R"(","context_length":100000,"pricing":)" + pricing
         + (more.empty() ? "" : "," + more) + "}";
}

std::string list(const std::string& items) {
  return R"({"data":[)" + items + "]}";
}

const std::string good =
    item("a/good", R"({"prompt":"0.000001","completion":"0.000002"})");

/// The prices of one model; empty: it was left out.
std::vector<protocol::price_band> prices_of(const std::string& pricing) {
  const auto read = read_listed_models(list(item("a/b", pricing) + "," + good),
                                       "openrouter", {}, today);
  REQUIRE(read.has_value());
  for (const auto& model : read->models)
    if (model.wire_name == "a/b")
      return model.prices;
  CHECK(read->unpriced == 1);
  return {};
}

struct shop {
  test::scratch_folder folder{"models-cache"};
  std::string cache = (folder.path() / "deep" / "models.yaml").string();
  test::fake_upstream upstream;

  protocol::result<models::listed_models> refresh() const {
    provider_config from;
    from.name = "openrouter";
    from.base_url = upstream.url("/api/v1");
    return models::refresh_models(from, cache, today);
  }
  [[nodiscard]] std::string text() const {
    std::ifstream in{cache, std::ios::binary};
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
  }
  [[nodiscard]] catalogue loaded() const {
    runtime_config config;
    config.catalogue_cache = cache;
    auto all = models::load_models(config);
    CHECK(all.problems.empty());
    return all.models;
  }
};

} // namespace

TEST_CASE("a price of one token is exact for a million", "[listed_models]") {
  const auto nano = [](std::string_view text) {
    const auto price = price_of_million(text);
    return price ? price->nano_usd : -1;
  };
  CHECK(nano("0") == 0);
  CHECK(nano("0.0") == 0);
  CHECK(nano("0.00000015") == 150'000'000);
  CHECK(nano("0.000003") == 3'000'000'000);
  CHECK(nano("0.0000012345678") == 1'234'567'800);
  CHECK(nano("0.000000000000001") == 1);
  CHECK(nano("0.0000000000000001") == 1); // rounded up, never free
  CHECK(nano("0.0000000000000010") == 1);
  CHECK(nano("1.5e-7") == 150'000'000);
  CHECK(nano("15E-8") == 150'000'000);
  CHECK(nano("1") == 1'000'000'000'000'000);
  CHECK(nano("0.1e+1") == 1'000'000'000'000'000);
  for (const auto* bad :
       {"",          "-1",
        "-0.1",      "+1",
        ".5",        "5.",
        "1.2.3",     "1,5",
        "NaN",       "inf",
        "1e9999",    "1e",
        "1e-",       "1e+-1",
        "e5",        "0x10",
        " 1",        "1 ",
        "1.0000001", "2",
        "1e30",      "99999999999999999999999999999999999999999"}) {
    INFO(bad);
    CHECK(nano(bad) == -1);
  }
  CHECK(nano("1e-30") == 1);
}

TEST_CASE("a listed model becomes one of the catalogue", "[listed_models]") {
  const auto read = read_listed_models(
      list(item("x/y:free",
                R"({"prompt":"0.000002","completion":"0.000012",
                    "input_cache_read":"0.0000002","request":"0",
                    "overrides":[{"min_prompt_tokens":20000,
                    "prompt":"0.000004","input_cache_read":"0.0000004"},
                    {"min_prompt_tokens":50000,"completion":"0.000018"}]})",
                R"("architecture":{"input_modalities":["text","image"],
                   "output_modalities":["text"]},
                   "supported_parameters":["tools","reasoning"],
                   "top_provider":{"max_completion_tokens":4000},
                   "expiration_date":"2026-11-23")")),
      "openrouter", {}, today);
  REQUIRE(read.has_value());
  REQUIRE(read->models.size() == 1);
  const auto& model = read->models[0];
  CHECK(model.id == "openrouter/x/y:free");
  CHECK(model.wire_name == "x/y:free");
  CHECK(model.level == protocol::tier::expert);
  CHECK(model.pinned_only);
  CHECK(model.skills
        == std::vector<std::string>{"tools", "vision", "reasoning"});
  CHECK(model.context_tokens == 100'000);
  CHECK(model.output_tokens == 4'000);
  constexpr std::int64_t dollar = 1'000'000'000;
  REQUIRE(model.prices.size() == 3);
  CHECK(model.prices[0].input.nano_usd == 2 * dollar);
  CHECK(model.prices[0].cache_read.nano_usd == dollar / 5);
  CHECK(model.prices[0].cache_write.nano_usd == 2 * dollar);
  CHECK(model.prices[1].prompt_above == 20'000);
  CHECK(model.prices[1].input.nano_usd == 4 * dollar);
  CHECK(model.prices[1].cache_write.nano_usd == 4 * dollar);
  CHECK(model.prices[1].output.nano_usd == 12 * dollar);
  CHECK(model.prices[2].input.nano_usd == 4 * dollar);
  CHECK(model.prices[2].output.nano_usd == 18 * dollar);
}

TEST_CASE("a model that we know keeps its tier and may be chosen",
          "[listed_models]") {
  protocol::model_spec known;
  known.id = "openrouter/a/good";
  known.level = protocol::tier::advanced;
  known.pace = protocol::speed::fast;
  known.regions = {"eu"};
  const auto read =
      read_listed_models(list(good), "openrouter", catalogue{{known}}, today);
  REQUIRE(read.has_value());
  CHECK(read->models[0].level == protocol::tier::advanced);
  CHECK(read->models[0].pace == protocol::speed::fast);
  CHECK(read->models[0].regions == known.regions);
  CHECK_FALSE(read->models[0].pinned_only);
  CHECK(read->models[0].output_tokens == 8'192);
}

TEST_CASE("a price that is not known leaves its model out, never free",
          "[listed_models]") {
  const std::string both = R"("prompt":"0.000001","completion":"0.000002")";
  for (const std::string pricing :
       {R"({})", R"(null)", R"("free")", R"([])",
        R"({"prompt":"-1","completion":"-1"})", R"({"prompt":"0.000001"})",
        R"({"completion":"0.000001"})", R"({"prompt":0,"completion":0})",
        R"({"prompt":"1e9999","completion":"0"})",
        R"({"prompt":null,"completion":"0"})"}) {
    INFO(pricing);
    CHECK(prices_of(pricing).empty());
  }
  for (const std::string more :
       {R"("input_cache_read":"-1")", R"("input_cache_write":"x")",
        R"("request":"0.01")", R"("request":{})",
        R"("internal_reasoning":"0.5")", R"("overrides":{})",
        R"("overrides":[1])", R"("overrides":[{"prompt":"0"}])",
        R"("overrides":[{"min_prompt_tokens":5,"utc_start":"2200"}])",
        R"("overrides":[{"min_prompt_tokens":5,"prompt":"-2"}])"}) {
    INFO(more);
    CHECK(prices_of("{" + both + "," + more + "}").empty());
  }
  CHECK(prices_of("{" + both + R"(,"overrides":null,"request":null})").size()
        == 1);
  CHECK(prices_of(R"({"prompt":"0","completion":"0"})").size() == 1);
}

TEST_CASE("models that end, or write no text, are left out",
          "[listed_models]") {
  const std::string price = R"({"prompt":"0","completion":"0"})";
  const auto read = read_listed_models(
      list(good + "," + item("a/b", price, R"("expiration_date":"2026-11-22")")
           + ","
           + item("a/c", price, R"("expiration_date":"2020-01-01T00:00:00Z")")
           + ","
           + item("a/d", price,
                  R"("architecture":{"output_modalities":["image"]})")),
      "openrouter", {}, today);
  REQUIRE(read.has_value());
  CHECK(read->models.size() == 1);
  CHECK(read->other == 3);
}

TEST_CASE("what is no list of models is refused", "[listed_models]") {
  const auto code = [](const std::string& body) {
    const auto read = read_listed_models(body, "openrouter", {}, today);
    REQUIRE(read.has_error());
    return read.error().code;
  };
  CHECK(code("") == errc::provider_malformed);
  CHECK(code("<html>") == errc::provider_malformed);
  CHECK(code("[]") == errc::provider_malformed);
  CHECK(code("{}") == errc::provider_malformed);
  CHECK(code(R"({"data":{}})") == errc::provider_malformed);
  CHECK(code(list("")) == errc::provider_malformed);
  CHECK(code(list("1,2," + good)) == errc::provider_malformed);
  CHECK(code(list(good).substr(0, 50)) == errc::provider_malformed);
  CHECK(code(std::string(17U << 20U, ' ')) == errc::limit_exceeded);
  CHECK(code(list(R"({"id":"a b","context_length":5},)"
                  R"({"id":"c","context_length":-5},)"
                  R"({"id":"d","context_length":1e9999})"))
        == errc::provider_malformed);
}

TEST_CASE("fetched models are in the catalogue until better ones come",
          "[models_cache]") {
  shop it;
  CHECK(it.loaded().find("openrouter/a/good") == nullptr);
  it.upstream.will(test::plain_reply(200, list(good)));
  const auto listed = it.refresh();
  REQUIRE(listed.has_value());
  CHECK(listed->models.size() == 1);
  const auto requests = it.upstream.requests();
  REQUIRE(requests.size() == 1);
  CHECK(requests[0].starts_with("GET /api/v1/models HTTP/1.1"));
  CHECK(requests[0].find("uthorization") == std::string::npos);
  const auto loaded = it.loaded();
  REQUIRE(loaded.find("openrouter/a/good") != nullptr);
  CHECK(*loaded.find("openrouter/a/good") == listed->models[0]);
  CHECK(loaded.find("anthropic/claude-haiku-4-5") != nullptr);
}

TEST_CASE("a bad download leaves the last good one", "[models_cache]") {
  shop it;
  it.upstream.will(test::plain_reply(200, list(good)));
  REQUIRE(it.refresh().has_value());
  const auto before = it.text();
  const auto body = list(good);
  auto half = test::plain_reply(200, body);
  half.bytes.resize(half.bytes.size() - 20);
  half.then = test::scripted_reply::end::close;
  for (const auto& reply :
       {test::plain_reply(500, "{}"), test::plain_reply(404, body),
        test::plain_reply(200, "{}"),
        test::plain_reply(200, std::string(17U << 20U, '1')), half,
        test::scripted_reply{"garbage\r\n\r\n",
                             test::scripted_reply::end::close, 0}}) {
    it.upstream.will(reply);
    CHECK(it.refresh().has_error());
    CHECK(it.text() == before);
  }
  CHECK(std::distance(
            std::filesystem::directory_iterator{
                std::filesystem::path{it.cache}.parent_path()},
            {})
        == 1);
}

TEST_CASE("a cache that is broken is left out, one that cannot be written told",
          "[models_cache]") {
  shop it;
  (void)it.folder.write("deep/models.yaml", "models: [{id: 5");
  CHECK(it.loaded().find("anthropic/claude-haiku-4-5") != nullptr);
  it.cache = (it.folder.path() / "deep").string(); // a folder
  it.upstream.will(test::plain_reply(200, list(good)));
  const auto refused = it.refresh();
  REQUIRE(refused.has_error());
  CHECK(refused.error().code == errc::file_unreadable);
}

TEST_CASE("what a catalogue writes comes back", "[models_cache]") {
  const auto known = catalogue::built_in().all();
  std::vector<protocol::model_spec> all{known.begin(), known.end()};
  all.front().regions = {"eu", "us-east-1", "a \"b\" \\ [c], d: e", "~", "7"};
  all.front().skills = {"tools", "no", "# x"};
  yaml::problems found{"text"};
  const auto root = yaml::parse(models::catalogue_text(all, "head"), found);
  REQUIRE(root);
  const auto back = models::read_models(*root, found);
  CHECK(found.empty());
  REQUIRE(back.size() == all.size());
  for (std::size_t i = 0; i < all.size(); ++i)
    CHECK(back[i] == all[i]);
}
