// The part of a node that knows which one leads.
#include "node_impl.hpp"
#include "node_words.hpp"

namespace troupe::cluster {

namespace {

/// Ticks between two times that a node says that it leads.
constexpr std::uint32_t said_every = 4;

} // namespace

void cluster_node::lead_or_follow() {
  if (!config_.shared)
    return;
  leader_is it;
  if (const auto token = config_.shared->leads())
    it = {token, parts().mine.name, config_.shared->services(), {}};
  if (const auto* other = table_.leader();
      other != nullptr && other->leads > it.token)
    if (const auto to = links_.find(other->who.name); to != links_.end())
      it = {other->leads, other->who.name, {}, to->second.link};
  if (!it.link && !it.own)
    it = {};
  config_.shared->tell(it);
}

void cluster_node::change_leading() {
  say_leads();
  lead_or_follow();
}

/// Again and again, so that nodes that have lost one another know it, too.
void cluster_node::say_leads() {
  until_leads_said_ = said_every;
  if (!config_.shared)
    return;
  const auto text = std::make_shared<const std::string>(
      words_of(leads_told{config_.shared->leads()}));
  for (const auto& [name, it] : table_.all())
    if (it.facts.link_max >= agents_version
        && (it.state == peer_state::up || it.state == peer_state::suspect))
      if (const auto to = links_.find(name); to != links_.end())
        send(to->second.link, say_once{text});
}

} // namespace troupe::cluster
