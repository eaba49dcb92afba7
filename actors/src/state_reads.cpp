#include "state_reads.hpp"

#include <algorithm>
#include <limits>

namespace troupe::actors {

using protocol::errc;
using protocol::fail;

protocol::result<void> state_reads::add(const state_reader& who,
                                        state_question what) {
  if (waiting_.size() >= limits_.reads
      || bytes_ + who.bytes > limits_.reads_bytes)
    return fail(errc::overloaded, "too many listings and histories wait in "
                                  "the state store");
  waiting_.push_back({who, std::move(what), log_.last()});
  bytes_ += who.bytes;
  ++senders_[who.asker].reads;
  return {};
}

void state_reads::see_write(std::uint64_t asker) {
  if (const auto it = senders_.find(asker); it != senders_.end())
    it->second.wrote = log_.last();
}

void state_reads::cancel(protocol::id scope, const std::string& reason) {
  if (!scope)
    return;
  std::erase_if(waiting_, [&](const read& it) {
    if (it.who.scope != scope)
      return false;
    end(it.who, fail(errc::cancelled, reason));
    return true;
  });
}

void state_reads::step(protocol::instant now, work_allowance& allowance) {
  auto& it = waiting_.front();
  if (protocol::has_passed(it.who.deadline, now))
    return end_first(fail(errc::deadline_exceeded,
                          "it had passed before the work was done"));
  if (!table_.can_show(it.revision) && !renew(it))
    return end_first(fail(errc::overloaded,
                          "it waited until revision "
                              + std::to_string(it.revision)
                              + " was forgotten, and its sender has written"));
  if (!it.work)
    begin(it);
  if (work_on(it, allowance))
    end_first(answer_of(it));
}

/// Lets it show the present state. False when that has a later write of its
/// asker in it.
bool state_reads::renew(read& it) const {
  if (senders_.at(it.who.asker).wrote > it.revision)
    return false;
  it.revision = log_.last();
  it.is_late = true;
  it.work.reset();
  return true;
}

void state_reads::begin(read& it) const {
  if (const auto* list = std::get_if<protocol::list_state>(&it.what)) {
    it.work = state_page{list->prefix,    true,
                         list->after,     it.revision,
                         list->count_max, limits_.page_bytes};
    return;
  }
  const auto& ask = std::get<protocol::read_state_history>(it.what);
  it.work = state_past{ask.key, ask.before, it.revision, ask.count_max};
}

/// A late one is read at once: commits that make the past be forgotten so fast
/// could make it begin anew for ever.
bool state_reads::work_on(read& it, work_allowance& allowance) const {
  work_allowance all{std::numeric_limits<std::size_t>::max()};
  auto& mine = it.is_late ? all : allowance;
  if (it.is_late)
    allowance.spend(limits_.page_bytes);
  return std::visit([&](auto& work) { return table_.read(work, mine); },
                    *it.work);
}

state_reads::outcome state_reads::answer_of(read& it) {
  if (auto* page = std::get_if<state_page>(&*it.work))
    return protocol::state_listed{page->revision, std::move(page->entries),
                                  page->has_more};
  auto& past = std::get<state_past>(*it.work);
  return protocol::state_history{past.revision, std::move(past.versions)};
}

void state_reads::end(const state_reader& who, outcome how) {
  bytes_ -= who.bytes;
  const auto from = senders_.find(who.asker);
  if (--from->second.reads == 0)
    senders_.erase(from);
  answers_.push_back({who.ticket, std::move(how)});
}

void state_reads::end_first(outcome how) {
  end(waiting_.front().who, std::move(how));
  waiting_.pop_front();
}

} // namespace troupe::actors
