/** What every presence does, as facts. */
@NullMarked
package dev.realtime.presence;

import org.jspecify.annotations.NullMarked;
