#pragma once

namespace troupe::cluster {

/// The program `trouped`: runs a node until it is told to stop. Answers the
/// exit code: 0 stopped, 2 bad arguments or files, 5 the runtime has failed.
int run_daemon(int count, char** words);

} // namespace troupe::cluster
