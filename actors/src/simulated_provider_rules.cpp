#include "simulated_provider_rules.hpp"

#include "clip.hpp"
#include "judge_prompt.hpp"
#include "schema_mark.hpp"
#include "simulated_provider_prompt.hpp"
#include "simulated_provider_tools.hpp"
#include "text_digest.hpp"
#include "text_digest_random.hpp"
#include "text_digest_words.hpp"

#include <troupe/protocol/token_counter.hpp>

#include <algorithm>
#include <cmath>

namespace troupe::actors {

namespace {

using protocol::errc;
using protocol::fail;
using std::chrono::microseconds;

constexpr std::size_t pieces_max = 8;
constexpr std::size_t words_in_json = 80;
constexpr std::size_t piece_bytes_min = 24;
constexpr std::uint64_t answer_tokens_min = 60;
constexpr std::uint64_t answer_tokens_max = 240;
constexpr std::uint32_t jitter_permille = 150;
constexpr std::uint64_t tool_call_overhead = 4;
constexpr std::size_t occurrences_max = 65'536;
constexpr std::string_view prefix = "simulated/";

std::string_view bare(std::string_view model) noexcept {
  return model.starts_with(prefix) ? model.substr(prefix.size()) : model;
}

std::uint64_t fold(std::uint64_t hash, std::string_view text) noexcept {
  for (const char c : text)
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
  return mix(hash, text.size());
}

std::uint64_t fold(std::uint64_t hash,
                   const protocol::content_part& part) noexcept {
  hash = mix(hash, part.index());
  if (const auto* text = std::get_if<protocol::text_part>(&part))
    return fold(hash, text->text);
  if (const auto* asked = std::get_if<protocol::tool_call>(&part))
    return fold(fold(fold(hash, asked->call_id), asked->name),
                asked->arguments);
  if (const auto* told = std::get_if<protocol::tool_result>(&part))
    return mix(fold(fold(hash, told->call_id), told->content), told->is_error);
  const auto& thought = std::get<protocol::thinking_part>(part);
  return fold(fold(hash, thought.text), thought.signature);
}

/// The function of the configuration as the protocol's counter.
class function_counter final : public protocol::token_counter {
public:
  explicit function_counter(const token_count& count) : count_(count) {}
  std::uint64_t count(std::string_view text) const override {
    return count_(text);
  }
  std::string name() const override { return "configured"; }

private:
  const token_count& count_;
};

/// Draws one outcome, step by step.
class draw {
public:
  draw(const simulated_provider_config& config,
       const protocol::model_call& call, std::uint64_t occurrence)
      : config_(config), call_(call), profile_(profile_of(config, call)),
        content_seed_(mix(config.seed, hash_of(call))),
        chance_(mix(content_seed_, occurrence)) {}

  simulated_outcome run() {
    out_.reply.model = call_.model;
    out_.reply.provider = config_.name;
    out_.reply.simulated = true;
    if (call_.messages.empty() || call_.output_tokens_max == 0) {
      out_.failure =
          fail(errc::provider_rejected,
               "a call needs a message and at least one token of output");
      return std::move(out_);
    }
    fill_content();
    draw_times();
    draw_failure();
    scale_times();
    return std::move(out_);
  }

private:
  void fill_content() {
    auto& used = out_.reply.used;
    used.input = protocol::estimate_prompt_tokens(
        call_, function_counter{config_.count_tokens});
    auto tools = named_tool_calls(call_, content_seed_);
    if (tools.empty()) {
      used.output = fill_text();
    } else {
      out_.reply.stop = protocol::stop_reason::tool_use;
      for (auto& tool : tools) {
        used.output += config_.count_tokens(tool.name)
                       + config_.count_tokens(tool.arguments)
                       + tool_call_overhead;
        out_.reply.content.emplace_back(std::move(tool));
      }
    }
    used.output = std::min<std::uint64_t>(used.output, call_.output_tokens_max);
  }

  std::uint64_t fill_text() {
    const bool rates =
        is_judge_call(call_) || last_user_text(call_).starts_with(judge_mark);
    auto text = rates ? std::to_string(
                    simulated_rating(profile_.quality_permille, content_seed_))
                      : digest();
    if (auto json = asked_json(call_, clip(text, words_in_json)))
      text = std::move(*json);
    if (text.empty())
      text = "Nothing was asked.";
    if (config_.count_tokens(text) > call_.output_tokens_max) {
      out_.reply.stop = protocol::stop_reason::length;
      text = first_tokens(text, call_.output_tokens_max, config_.count_tokens);
    }
    if (call_.stream)
      cut_pieces(text);
    const auto tokens = config_.count_tokens(text);
    out_.reply.content.emplace_back(protocol::text_part{std::move(text)});
    return tokens;
  }

  std::string digest() {
    const auto parts = read_prompt(call_);
    digest_request request;
    request.task = parts.task;
    request.inputs.assign(parts.inputs.begin(), parts.inputs.end());
    request.tokens_max = std::clamp(out_.reply.used.input / 4,
                                    answer_tokens_min, answer_tokens_max);
    if (const auto words = asked_words(parts.task))
      request.tokens_max = std::uint64_t{*words} * 3 / 2;
    request.quality_permille = profile_.quality_permille;
    request.jitter_permille =
        call_.temperature_permille == 0U ? 0 : jitter_permille;
    request.seed = content_seed_;
    return digest_of(request, config_.count_tokens);
  }

  /// Cuts at spaces, so that no character is torn.
  void cut_pieces(std::string_view text) {
    const auto count =
        std::clamp<std::size_t>(text.size() / piece_bytes_min, 1, pieces_max);
    for (std::size_t i = 1; i < count; ++i) {
      const auto end = text.find(' ', text.size() * i / count);
      if (end != std::string_view::npos
          && (out_.piece_ends.empty() || out_.piece_ends.back() < end))
        out_.piece_ends.push_back(end);
    }
    if (!text.empty())
      out_.piece_ends.push_back(text.size());
  }

  void draw_times() {
    const auto first = draw_time(profile_.first_token_median,
                                 profile_.first_token_p90, chance_.next());
    const auto token =
        draw_time(profile_.token_median, profile_.token_p90, chance_.next());
    const auto tokens = static_cast<std::int64_t>(out_.reply.used.output);
    out_.first = first;
    out_.last = out_.first + protocol::duration{token} * tokens;
  }

  void draw_failure() {
    auto at = chance_.below(1000);
    const auto hits = [&](std::uint32_t permille) {
      const bool is_hit = at < permille;
      at -= is_hit ? 0 : permille;
      return is_hit;
    };
    if (hits(profile_.unavailable_permille)) {
      end_early(errc::provider_unavailable, out_.first / 4);
    } else if (hits(profile_.throttled_permille)) {
      end_early(errc::provider_throttled, out_.first / 4);
    } else if (hits(profile_.truncated_permille)) {
      const auto half = (out_.piece_ends.size() + 1) / 2;
      const auto ends = std::vector<std::size_t>(
          out_.piece_ends.begin(),
          out_.piece_ends.begin() + static_cast<std::ptrdiff_t>(half));
      end_early(errc::stream_truncated,
                out_.first + (out_.last - out_.first) / 2);
      out_.piece_ends = ends;
    } else if (hits(profile_.timeout_permille)) {
      end_early(errc::provider_timeout, profile_.timeout_after);
    }
  }

  void end_early(errc code, protocol::duration after) {
    out_.failure = fail(code, "simulated");
    out_.piece_ends.clear();
    out_.last = after;
    out_.first = std::min(out_.first, after);
  }

  void scale_times() {
    if (config_.fixed_latency) {
      out_.last = *config_.fixed_latency;
      out_.first = out_.last / 2;
      return;
    }
    out_.first = out_.first * config_.latency_scale_permille / 1000;
    out_.last = out_.last * config_.latency_scale_permille / 1000;
  }

  const simulated_provider_config& config_;
  const protocol::model_call& call_;
  simulated_profile profile_;
  std::uint64_t content_seed_;
  seeded_random chance_;
  simulated_outcome out_;
};

} // namespace

std::uint64_t hash_of(const protocol::model_call& call) noexcept {
  auto hash = fold(0xCBF29CE484222325ULL, bare(call.model));
  hash = fold(hash, call.system);
  for (const auto& message : call.messages) {
    hash = mix(hash, 1 + static_cast<std::uint64_t>(message.role));
    for (const auto& part : message.content)
      hash = fold(hash, part);
  }
  for (const auto& tool : call.tools)
    hash =
        fold(fold(fold(hash, tool.name), tool.description), tool.input_schema);
  hash = mix(hash, static_cast<std::uint64_t>(call.level));
  hash = mix(hash, call.output_tokens_max);
  hash = mix(hash, call.temperature_permille.value_or(UINT32_MAX));
  return mix(hash, call.seed);
}

simulated_outcome draw_outcome(const simulated_provider_config& config,
                               const protocol::model_call& call,
                               std::uint64_t occurrence) {
  return draw{config, call, occurrence}.run();
}

simulated_profile profile_of(const simulated_provider_config& config,
                             const protocol::model_call& call) {
  for (const auto name : {bare(call.model), enum_name(call.level)})
    for (const auto& profile : config.profiles)
      if (bare(profile.model) == name)
        return profile;
  return default_profile(call.level);
}

std::chrono::microseconds draw_time(std::chrono::microseconds median,
                                    std::chrono::microseconds p90,
                                    std::uint64_t seed) {
  if (median.count() <= 0 || p90 <= median)
    return std::max(median, microseconds::zero());
  // The sum of twelve uniform numbers is nearly normal, within 6 deviations.
  seeded_random random{seed};
  constexpr std::uint64_t steps = 1U << 20U;
  std::int64_t sum = -6 * std::int64_t{steps};
  for (int i = 0; i < 12; ++i)
    sum += static_cast<std::int64_t>(random.below(steps));
  constexpr double deviations_at_p90 = 1.2816;
  const double deviations = static_cast<double>(sum) / steps;
  const double ratio =
      static_cast<double>(p90.count()) / static_cast<double>(median.count());
  const double factor =
      std::pow(ratio, std::min(deviations / deviations_at_p90, 3.0));
  const double drawn = static_cast<double>(median.count()) * factor;
  constexpr double most = 86'400e6; // a day
  return microseconds{std::llround(std::min(drawn, most))};
}

std::uint64_t occurrence_counter::see(std::uint64_t hash) {
  auto [place, is_new] = recent_.try_emplace(hash, 0);
  if (is_new)
    if (const auto old = older_.find(hash); old != older_.end())
      place->second = old->second;
  const auto before = place->second++;
  if (recent_.size() > occurrences_max) {
    older_ = std::move(recent_);
    recent_.clear();
  }
  return before;
}

} // namespace troupe::actors
