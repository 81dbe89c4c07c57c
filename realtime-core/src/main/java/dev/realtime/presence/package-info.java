/** Who is on a topic. Imports the root package only. */
@NullMarked
package dev.realtime.presence;

import org.jspecify.annotations.NullMarked;
