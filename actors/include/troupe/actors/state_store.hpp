#pragma once

#include "troupe/actors/caf_types.hpp"
#include "troupe/actors/clock.hpp"
#include "troupe/actors/incarnation_book.hpp"
#include "troupe/actors/state_keeper.hpp"
#include "troupe/actors/state_limits.hpp"

#include <caf/typed_actor.hpp>

#include <atomic>
#include <memory>
#include <optional>

namespace troupe::actors {

/// Who follows state. Takes its messages by const reference: their body is
/// shared by all who get it. `state_view` keeps a copy of the state from them.
using state_follower_actor = caf::typed_actor<
    // The changes of one commit that the subscription's filter matches.
    caf::reacts_to<protocol::state_update>,
    // The state at one revision, or a part of it.
    caf::reacts_to<protocol::notification<protocol::state_resync>>,
    // What was missed; a resync follows.
    caf::reacts_to<protocol::notification<protocol::subscription_gap>>>;

/// Asks a STATE STORE for its `state_figures`. Stays within a process.
struct count_state {};

/// STATE STORE: keys with versions, and those who follow them. The single
/// writer of its state, whom readers never hold up: listings, histories and
/// what followers lack are worked on in turns, a little at a time, between
/// other messages. A listing or a history shows the state as it was when it was
/// asked for, or a later one if that is forgotten, never a later write of its
/// sender; its deadline and its cancel are looked at until its turn. A follower
/// that must know of its end monitors it.
using state_store_actor = caf::typed_actor<
    // Writes many keys, all or none.
    caf::replies_to<protocol::request<protocol::write_state>>::with<
        protocol::response<protocol::state_written>>,
    // Reads a key; every write that was answered before is seen.
    caf::replies_to<protocol::request<protocol::read_state>>::with<
        protocol::response<protocol::state_value>>,
    // Lists keys with a prefix, a page at a time. `overloaded`: too many wait.
    caf::replies_to<protocol::request<protocol::list_state>>::with<
        protocol::response<protocol::state_listed>>,
    // Tells the versions of a key. `overloaded`: as a listing.
    caf::replies_to<protocol::request<protocol::read_state_history>>::with<
        protocol::response<protocol::state_history>>,
    // Begins a subscription of the follower, which ends with it too. When the
    // follower itself asks, the answer comes before the first message.
    caf::replies_to<protocol::request<protocol::subscribe_state>,
                    state_follower_actor>::
        with<protocol::response<protocol::state_subscribed>>,
    // Ends a subscription; after the answer nothing of it comes.
    caf::replies_to<protocol::request<protocol::unsubscribe>>::with<
        protocol::response<protocol::unsubscribed>>,
    // Lets a follower have more messages.
    caf::reacts_to<protocol::coordination<protocol::grant_credit>>,
    // Ends the listings and histories under a cancel scope.
    caf::reacts_to<protocol::coordination<protocol::cancel>>,
    // Tells what it holds.
    caf::replies_to<count_state>::with<state_figures>>;

/// The highest revision that a store has reached. Outlives it, so that its
/// successor goes on behind it and no version is ever used again. Readable from
/// any thread without asking the store.
using state_mark = std::atomic<std::uint64_t>;

struct state_store_config {
  state_limits limits;
  wall_clock clock;
  std::uint64_t seed = 0;           ///< Of the ids of its messages.
  std::shared_ptr<state_mark> mark; ///< Null: starts from nothing.
  /// Of writers that tell their incarnation; null: one of its own.
  std::shared_ptr<incarnation_book> lives{};
  /// Null: the state ends with its store. Else nobody is told of anything
  /// before what it shows is kept; the store ends when that fails, or when it
  /// is not the one that speaks for the state any more. Let go of when the
  /// store has ended, before those who monitor it are told.
  std::shared_ptr<state_keeper> keeper{};
  /// What an earlier store has left behind; goes before `mark`.
  std::optional<kept_state> kept{};
};

[[nodiscard]] state_store_actor spawn_state_store(caf::actor_system& system,
                                                  state_store_config config);

} // namespace troupe::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::count_state)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::state_figures)
