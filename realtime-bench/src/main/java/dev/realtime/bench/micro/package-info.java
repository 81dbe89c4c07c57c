/**
 * What one step costs, measured with JMH, and what the Redis publish path carries.
 * Imports the engine.
 * <p>
 * JMH measures in a forked JVM, and gives it the class path of its own. Inside an
 * executable Spring Boot jar that is the jar alone, whose classes only Boot's launcher
 * finds. So {@link dev.realtime.bench.micro.ForkClassPath} unpacks the jar into a
 * temporary folder first and names that as the class path: each benchmark then has a JVM
 * of its own, whose compiler has seen nothing of the others.
 */
@NullMarked
package dev.realtime.bench.micro;

import org.jspecify.annotations.NullMarked;
