package dev.realtime.spring.pipe;

import dev.realtime.spring.publisher.SwitchedOffAutoConfiguration;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** An application that injects {@link RealtimeStreams} starts with the starter off. */
class SwitchedOffPipeTests {

	@Test
	void textsAreRefusedWithASentence() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(SwitchedOffAutoConfiguration.class,
					SwitchedOffPipeAutoConfiguration.class, RealtimePipeAutoConfiguration.class))
			.withPropertyValues("realtime.enabled=false")
			.run((context) -> {
				RealtimeStreams streams = context.getBean(RealtimeStreams.class);
				Flux<String> source = Flux.just("x");
				assertThatThrownBy(() -> streams.pipe("answers", source)).isInstanceOf(IllegalStateException.class)
					.hasMessageContaining("realtime.enabled");
				assertThat(streams.stop("answers").toCompletableFuture()).isCompletedExceptionally();
			});
	}

}
