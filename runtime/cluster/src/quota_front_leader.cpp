// The part of the quota front that speaks with the shared ledger.
#include "quota_front_impl.hpp"

namespace troupe::cluster {

using namespace protocol;

namespace {

/// Nothing was done, and asking again would not change that.
bool is_for_sure(const error& why) {
  return why.code == errc::budget_exhausted || why.code == errc::invalid_request
         || why.code == errc::limit_exceeded;
}

} // namespace

caf::result<quota_front::state> quota_front::open(const ask<open_account>& it) {
  auto* shared = book_.find(it.body.path);
  if (shared == nullptr)
    return delegate(own_, it);
  shared->what = it.body;
  shared->now = shared_book::phase::unknown;
  wake();
  if (shared->is_open_here)
    return look<state>(it);
  // The node begins, and nobody may lead yet: it is agreed on later.
  shared->is_open_here = true;
  auto here = it;
  here.body = open_account{it.body.path};
  return delegate(own_, std::move(here));
}

/// Sees to it that the shared ledger has the limits of this node. One that has
/// them is not opened again, which would thaw it.
void quota_front::agree(const std::string& path) {
  book_.find(path)->now = shared_book::phase::asked;
  ask_leader<state>(describe_account{path}, ids_.next(now()),
                    [this, path](const result<state>& told) {
                      auto& it = *book_.find(path);
                      if (!told && told.error().code != errc::invalid_request)
                        it.now = shared_book::phase::unknown;
                      else if (told && has_limits_of(told->body, it.what))
                        it.now = shared_book::phase::agreed;
                      else
                        open_there(path);
                      wake();
                    });
}

void quota_front::open_there(const std::string& path) {
  const auto what = book_.find(path)->what;
  ask_leader<state>(
      what, ids_.next(now()), [this, path, what](const result<state>& told) {
        auto& it = *book_.find(path);
        it.now = told && it.what == what ? shared_book::phase::agreed
                                         : shared_book::phase::unknown;
        wake();
      });
}

void quota_front::carry_out() {
  const auto steps = rules_.steps();
  for (const auto& it : steps.asks)
    ask_for(it);
  for (const auto& it : steps.ends)
    end(it);
  for (const auto& it : steps.looks)
    look_at(it);
  for (const auto& it : steps.paid)
    pay(it);
  if (!rules_.is_busy())
    tell_gave_back();
  wake();
}

void quota_front::ask_for(const slice_ask& it) {
  if (!book_.are_agreed(it.from))
    return rules_.failed(it.slice, fail(errc::unreachable, "nobody leads yet"),
                         now());
  reserve_budget what{it.from.account, it.most.amount, it.most.tokens};
  what.amount_min = it.least.amount;
  what.tokens_min = it.least.tokens;
  what.tags = it.from.tags;
  what.lease = it.lease;
  ask_leader<reserved>(std::move(what), it.slice,
                       [this, slice = it.slice](const result<reserved>& told) {
                         if (told)
                           rules_.granted(
                               slice, {told->body.amount, told->body.tokens},
                               told->body.until, now());
                         else if (is_for_sure(told.error()))
                           rules_.refused(slice, told.error(), now());
                         else
                           rules_.failed(slice, told.error(), now());
                         carry_out();
                       });
}

void quota_front::end(const settle_budget& it) {
  ask_leader<state>(it, ids_.next(now()),
                    [this, slice = it.reservation](const result<state>& told) {
                      if (told)
                        rules_.ended(slice, told->body.left());
                      else if (told.error().code == errc::invalid_request)
                        rules_.ended(slice, std::nullopt); // it never was
                      else
                        rules_.failed(slice, told.error(), now());
                      carry_out();
                    });
}

void quota_front::look_at(const slice_look& it) {
  struct looking {
    slice_look what;
    std::size_t open = 0;
    bool could = true;
  };
  const auto paths = book_.paths_of(it.at);
  const auto all = std::make_shared<looking>(looking{it, paths.size()});
  for (const auto& path : paths)
    ask_leader<state>(describe_account{path}, ids_.next(now()),
                      [this, all](const result<state>& told) {
                        if (told && !could_bear(told->body, all->what.least))
                          all->could = false;
                        if (--all->open != 0)
                          return;
                        rules_.looked(all->what, all->could, now());
                        carry_out();
                      });
}

} // namespace troupe::cluster
