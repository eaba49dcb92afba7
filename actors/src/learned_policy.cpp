#include "feature_bytes.hpp"
#include "learned_choice.hpp"
#include "model_index.hpp"
#include "troupe/actors/model_policy.hpp"

#include <troupe/protocol/fingerprint.hpp>

#include <algorithm>
#include <cmath>
#include <mutex>
#include <unordered_map>
#include <utility>

namespace troupe::actors {

using namespace protocol;

namespace {

constexpr std::size_t pending_max = 4'096;
constexpr double permille = 1'000;
constexpr double millionths = 1'000'000;
constexpr double money_max = 1e18; ///< No call costs more.

/// What the conversation began with: the task, in all its turns.
std::string task_text(const model_call& call) {
  std::string text;
  if (!call.messages.empty())
    for (const auto& part : call.messages.front().content)
      if (const auto* it = std::get_if<text_part>(&part))
        text += it->text;
  return text;
}

std::uint32_t part_of(double share, double whole) {
  return static_cast<std::uint32_t>(
      std::lround(std::clamp(share, 0.0, 1.0) * whole));
}

money as_money(double nano_usd) {
  return {std::llround(std::clamp(nano_usd, 0.0, money_max))};
}

std::uint64_t draw_of(const header& head, const std::string& text,
                      std::uint64_t seed) {
  fingerprint_builder key;
  key.add_value(head.conversation);
  key.add(std::string_view{text});
  key.add(seed);
  return key.finish().low;
}

class learned_policy final : public model_policy {
public:
  explicit learned_policy(learned_policy_config config)
      : config_(std::move(config)),
        known_(config_.models, task_types, config_.seed),
        pace_(static_cast<double>(config_.spend_per_call.nano_usd)),
        order_(pending_max) {
    if (!config_.analyser)
      config_.analyser = analyse_complexity;
    for (const auto& it : std::exchange(config_.history, {}))
      learn_again(it);
  }

  void order(std::vector<std::size_t>& chosen, const header& head,
             const model_call& call, const model_need& need) override {
    if (chosen.empty())
      return;
    const auto text = task_text(call);
    const auto type = static_cast<std::size_t>(config_.analyser(text).type);
    pending made;
    made.prompt = features_of(text, type);
    auto random = draw_of(head, text, config_.seed);
    const std::scoped_lock held{mutex_};
    for (const auto it : chosen)
      made.offered.push_back({it, price_score(config_.models[it], need) / 1e6});
    auto ranked = rank_learned(known_, made.prompt, made.offered,
                               {pace_.per_cost(), true}, random);
    std::transform(ranked.begin(), ranked.end(), chosen.begin(),
                   [](const scored_model& it) { return it.model; });
    if (config_.log)
      made.ranked = std::move(ranked);
    remember(head.message, std::move(made));
  }

  void answered(id request, std::size_t model, money cost) override {
    const std::scoped_lock held{mutex_};
    const auto paid = static_cast<double>(cost.nano_usd);
    pace_.paid(paid);
    const auto found = pending_.find(request);
    if (found == pending_.end())
      return;
    auto& it = found->second;
    it.answered_by = model + 1;
    for (const auto& offer : it.offered)
      if (offer.model == model)
        known_.pay(it.prompt.type, model, offer.listed, paid);
    if (!it.ranked.empty())
      config_.log->answered(shown(request, it, cost));
    it.offered.clear();
    it.ranked.clear();
  }

  std::optional<std::size_t> judge(id request,
                                   std::uint32_t quality_permille) override {
    const std::scoped_lock held{mutex_};
    const auto found = pending_.find(request);
    if (found == pending_.end() || found->second.answered_by == 0)
      return std::nullopt;
    const auto& it = found->second;
    const auto model = it.answered_by - 1;
    known_.judge(it.prompt, {{model, quality_permille / permille}});
    pending_.erase(found);
    if (config_.log)
      config_.log->judged(request, std::min(quality_permille, 1'000U));
    return model;
  }

private:
  /// A call that was ordered and not yet judged.
  struct pending {
    prompt_features prompt;
    std::vector<offered_model> offered;
    std::vector<scored_model> ranked; ///< Best first; for the log.
    std::size_t answered_by = 0; ///< The model's place, and one; 0: nobody.
  };

  [[nodiscard]] made_choice shown(id request, const pending& it,
                                  money cost) const {
    made_choice out;
    out.call = request;
    out.type = static_cast<task_type>(it.prompt.type);
    out.model = config_.models[it.answered_by - 1].id;
    out.cost = cost;
    out.features = bytes_of(it.prompt);
    for (const auto& one : it.ranked) {
      offered_choice offer;
      offer.model = config_.models[one.model].id;
      for (const auto& each : it.offered)
        if (each.model == one.model)
          offer.listed = as_money(each.listed);
      offer.expected = as_money(one.expects.cost);
      offer.quality_permille = part_of(one.expects.quality, permille);
      offer.propensity_ppm = part_of(one.propensity, millionths);
      out.offered.push_back(std::move(offer));
    }
    return out;
  }

  void learn_again(const made_choice& it) {
    const auto type = static_cast<std::size_t>(it.type);
    const auto same = [&it](const auto& each) {
      return each.id == it.model;
    };
    const auto found =
        std::find_if(config_.models.begin(), config_.models.end(), same);
    const auto prompt = features_from(it.features, type);
    if (found == config_.models.end() || !prompt || !it.quality_permille)
      return;
    const auto model = static_cast<std::size_t>(found - config_.models.begin());
    for (const auto& offer : it.offered)
      if (offer.model == it.model && offer.listed > money{})
        known_.pay(type, model, static_cast<double>(offer.listed.nano_usd),
                   static_cast<double>(it.cost.nano_usd));
    known_.judge(*prompt, {{model, *it.quality_permille / permille}});
  }

  void remember(id request, pending made) {
    pending_.erase(order_[next_]);
    order_[next_] = request;
    next_ = (next_ + 1) % pending_max;
    pending_.insert_or_assign(request, std::move(made));
  }

  learned_policy_config config_;
  std::mutex mutex_; ///< Guards all below.
  model_learning known_;
  spend_pace pace_;
  std::unordered_map<id, pending> pending_; ///< By request.
  std::vector<id> order_;                   ///< A ring of their requests.
  std::size_t next_ = 0;
};

} // namespace

std::shared_ptr<model_policy>
make_learned_policy(learned_policy_config config) {
  return std::make_shared<learned_policy>(std::move(config));
}

} // namespace troupe::actors
