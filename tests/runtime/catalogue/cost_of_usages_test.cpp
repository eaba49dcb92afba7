#include "providers/anthropic_messages.hpp"
#include "providers/openai_chat.hpp"
#include "support/catch.hpp"
#include "support/runtime/price_list.hpp"
#include "support/runtime/rank_files.hpp"

#include <map>

using namespace troupe;
using protocol::money;
using protocol::usage;
namespace json = boost::json;

namespace {

/// Priced readings of usage bodies: those of ours that agree, and the others
/// by reason.
struct tally {
  std::size_t priced = 0;
  std::size_t compared = 0;
  std::size_t equal = 0;
  std::map<std::string, std::size_t> left_out;
  std::vector<std::string> unequal;

  [[nodiscard]] std::string text(std::string_view title) const {
    std::string out{title};
    out += ": " + std::to_string(equal) + " of " + std::to_string(compared)
           + " prices equal; " + std::to_string(priced) + " in the file";
    for (const auto& [reason, count] : left_out)
      out += "\n  left out " + std::to_string(count) + ": " + reason;
    for (const auto& line : unequal)
      out += "\n  not equal: " + line;
    return out;
  }
};

std::string text_at(const json::object& from, std::string_view key) {
  const auto* value = from.if_contains(key);
  return value != nullptr && value->is_string()
             ? std::string{value->as_string()}
             : std::string{};
}

std::uint64_t count_at(const json::object& from, std::string_view key) {
  const auto* value = from.if_contains(key);
  return value != nullptr && value->is_number()
             ? value->to_number<std::uint64_t>()
             : 0;
}

/// `0.0012` or `9E-7` in units of 1e-15.
std::int64_t femto_of(std::string text) {
  std::size_t shift = 15;
  if (const auto mark = text.find('E'); mark != std::string::npos) {
    REQUIRE(text.substr(mark, 2) == "E-");
    shift -= std::stoul(text.substr(mark + 2));
    text.resize(mark);
  }
  if (const auto dot = text.find('.'); dot != std::string::npos) {
    shift -= text.size() - dot - 1;
    text.erase(dot, 1);
  }
  REQUIRE(shift <= 15);
  return std::stoll(text + std::string(shift, '0'));
}

/// A sum of two prices of the file, rounded up to nano-dollars as ours are.
money expected_of(const json::object& reading) {
  const auto sum = femto_of(text_at(reading, "input_price"))
                   + femto_of(text_at(reading, "output_price"));
  return {(sum + 999'999) / 1'000'000};
}

/// The figures as the file's authors understood them; cached tokens and audio
/// are inside `input_tokens` there.
usage their_usage(const json::object& extracted) {
  usage used;
  used.cache_read = count_at(extracted, "cache_read_tokens");
  used.cache_write = count_at(extracted, "cache_write_tokens");
  used.input =
      count_at(extracted, "input_tokens") - used.cache_read - used.cache_write;
  used.output = count_at(extracted, "output_tokens");
  return used;
}

std::string special_tokens(const json::object& extracted) {
  for (const auto& [key, value] : extracted)
    if (std::string_view{key}.find("audio") != std::string_view::npos
        && value.to_number<std::uint64_t>() != 0)
      return "audio has a price of its own";
  if (count_at(extracted, "output_image_tokens") != 0)
    return "images have a price of their own";
  return {};
}

/// Our own parsers' reading of a body, or why there is none.
std::variant<usage, std::string> our_usage(const json::object& body,
                                           const std::string& flavor) {
  const auto* value = body.if_contains("usage");
  if (value == nullptr || !value->is_object())
    return "neither Messages nor Chat Completions";
  const auto& figures = value->as_object();
  const bool is_messages = figures.contains("cache_read_input_tokens");
  const bool is_chat = figures.contains("prompt_tokens")
                       && figures.contains("completion_tokens");
  if (is_messages) {
    if (flavor != "default" && flavor != "anthropic")
      return "read by the rules of another API";
    if (figures.contains("iterations"))
      return "steps billed beside the answer, which the file leaves out";
    providers::anthropic_usage reader;
    reader.merge(figures);
    return reader.total(true);
  }
  if (!is_chat)
    return "neither Messages nor Chat Completions";
  if (flavor != "default" && flavor != "chat")
    return "read by the rules of another API";
  return providers::openai_usage(&figures, true);
}

void compare(tally& sums, const usage& used, const protocol::model_spec& model,
             const json::object& reading, const std::string& name) {
  ++sums.compared;
  const auto cost = cost_of(model, used);
  const auto wanted = expected_of(reading);
  if (cost == wanted)
    ++sums.equal;
  else
    sums.unequal.push_back(text_at(reading, "provider_id") + ' ' + name + ": "
                           + to_text(cost) + ", wanted " + to_text(wanted));
}

struct priced_reading {
  const json::object* body;
  std::string model;
  const json::object* extracted;
  const json::object* reading;
};

std::vector<priced_reading> priced_readings(const json::array& usages) {
  std::vector<priced_reading> all;
  for (const auto& entry : usages) {
    const auto& body = entry.at("body").as_object();
    auto model = text_at(entry.as_object(), "model");
    if (model.empty())
      model = text_at(body, "modelVersion");
    for (const auto& group : entry.at("extracted").as_array())
      for (const auto& reading : group.at("extractors").as_array())
        if (reading.as_object().contains("input_price"))
          all.push_back({&body, model, &group.at("usage").as_object(),
                         &reading.as_object()});
  }
  return all;
}

} // namespace

TEST_CASE("costs equal the published prices of recorded usages", "[cost]") {
  const auto list_text = test::data_text("prices/genai_prices.json");
  const auto usage_text = test::data_text("prices/usages.json");
  if (!list_text || !usage_text) {
    WARN("skipped: no price list");
    return;
  }
  const test::price_list list{json::parse(*list_text).as_array()};
  const auto usages = json::parse(*usage_text);
  tally arithmetic;
  tally parsed;
  for (const auto& x : priced_readings(usages.as_array())) {
    ++arithmetic.priced;
    ++parsed.priced;
    const auto model =
        list.prices_of(text_at(*x.reading, "provider_id"), x.model);
    auto reason = special_tokens(*x.extracted);
    if (const auto* why = std::get_if<std::string>(&model))
      reason = *why;
    if (!reason.empty()) {
      ++arithmetic.left_out[reason];
      ++parsed.left_out[reason];
      continue;
    }
    const auto& spec = std::get<protocol::model_spec>(model);
    const auto theirs = their_usage(*x.extracted);
    compare(arithmetic, theirs, spec, *x.reading, x.model);
    const auto ours = our_usage(*x.body, text_at(*x.reading, "api_flavor"));
    if (const auto* why = std::get_if<std::string>(&ours))
      ++parsed.left_out[*why];
    else
      compare(parsed, std::get<usage>(ours), spec, *x.reading, x.model);
  }
  WARN(arithmetic.text("all shapes, figures as the file states them"));
  WARN(parsed.text("bodies of Messages and Chat Completions, read by us"));
  // As docs/catalogue.md has them: readings that are left out are not equal.
  CHECK(arithmetic.compared == 1'962);
  CHECK(arithmetic.equal == arithmetic.compared);
  CHECK(parsed.compared == 933);
  CHECK(parsed.equal == parsed.compared);
}
