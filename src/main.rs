//! The binary: everything is in the library's `cli`.

use std::process::ExitCode;

/// Batches come and go in large pieces on all threads; this allocator gives memory back sooner.
#[global_allocator]
static GLOBAL: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    kaohe::cli::main()
}
