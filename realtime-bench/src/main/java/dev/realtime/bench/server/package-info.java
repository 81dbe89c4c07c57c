/** The servers under test: ours on each transport, Spring's simple broker, bare Netty. */
@NullMarked
package dev.realtime.bench.server;

import org.jspecify.annotations.NullMarked;
