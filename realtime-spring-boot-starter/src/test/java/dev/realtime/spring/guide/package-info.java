/**
 * The listings of the guides in {@code docs}, and tests that they work.
 * {@code ListingsTests} compares each with its page.
 */
@NullMarked
package dev.realtime.spring.guide;

import org.jspecify.annotations.NullMarked;
