@NullMarked
package dev.realtime.spring.audit;

import org.jspecify.annotations.NullMarked;
