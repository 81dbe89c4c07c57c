/**
 * Measures this project beside what people would otherwise use. {@code server} is one
 * server under test, {@code run} drives servers in processes of their own and prints
 * tables. Never published.
 */
@NullMarked
package dev.realtime.bench;

import org.jspecify.annotations.NullMarked;
