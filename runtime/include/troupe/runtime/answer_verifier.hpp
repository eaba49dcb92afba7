#pragma once

#include <troupe/protocol/model.hpp>

#include <cstdint>
#include <functional>

namespace troupe {

/// How good the answer of a model is, up to 1,000, as a program finds it. Asked
/// for answers of tiers below a call's own, where the call's terms have a
/// cascade with `check: judged`; in place of a model. Called by one thread of
/// the runtime at a time, which it must not block. One that throws has found
/// nothing good.
using answer_verifier = std::function<std::uint32_t(
    const protocol::model_call& call, const protocol::model_reply& reply)>;

} // namespace troupe
