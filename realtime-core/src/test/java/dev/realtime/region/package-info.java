/** Tests of what regions say to each other. */
@NullMarked
package dev.realtime.region;

import org.jspecify.annotations.NullMarked;
