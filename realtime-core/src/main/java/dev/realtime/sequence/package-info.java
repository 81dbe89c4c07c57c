/** The numbers of topics. Imports the root package only. */
@NullMarked
package dev.realtime.sequence;

import org.jspecify.annotations.NullMarked;
