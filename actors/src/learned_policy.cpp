#include "learned_choice.hpp"
#include "model_index.hpp"
#include "troupe/actors/model_policy.hpp"

#include <troupe/protocol/fingerprint.hpp>

#include <algorithm>
#include <mutex>
#include <unordered_map>
#include <utility>

namespace troupe::actors {

using namespace protocol;

namespace {

constexpr std::size_t pending_max = 4'096;
constexpr double permille = 1'000;

/// What the conversation began with: the task, in all its turns.
std::string task_text(const model_call& call) {
  std::string text;
  if (!call.messages.empty())
    for (const auto& part : call.messages.front().content)
      if (const auto* it = std::get_if<text_part>(&part))
        text += it->text;
  return text;
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
  }

  void order(std::vector<std::size_t>& chosen, const header& head,
             const model_call& call, const model_need& need) override {
    if (chosen.empty())
      return;
    const auto text = task_text(call);
    const auto type = static_cast<std::size_t>(config_.analyser(text).type);
    pending made{features_of(text, type), {}, 0};
    auto random = draw_of(head, text, config_.seed);
    const std::scoped_lock held{mutex_};
    for (const auto it : chosen)
      made.offered.push_back({it, price_score(config_.models[it], need) / 1e6});
    const auto ranked = rank_learned(known_, made.prompt, made.offered,
                                     {pace_.per_cost(), true}, random);
    std::transform(ranked.begin(), ranked.end(), chosen.begin(),
                   [](const scored_model& it) { return it.model; });
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
    it.offered.clear();
  }

  void judge(id request, std::uint32_t quality_permille) override {
    const std::scoped_lock held{mutex_};
    const auto found = pending_.find(request);
    if (found == pending_.end() || found->second.answered_by == 0)
      return;
    const auto& it = found->second;
    known_.judge(it.prompt,
                 {{it.answered_by - 1, quality_permille / permille}});
    pending_.erase(found);
  }

private:
  /// A call that was ordered and not yet judged.
  struct pending {
    prompt_features prompt;
    std::vector<offered_model> offered;
    std::size_t answered_by = 0; ///< The model's place, and one; 0: nobody.
  };

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
