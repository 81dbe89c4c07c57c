package dev.realtime.spring.compat;

import java.util.List;

import org.junit.jupiter.api.Test;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/** In the servlet container. */
class FramePackingIT extends FramePackingContract {

	@Test
	void framesArePackedForAClientThatAnnouncedIt() {
		assertThat(packs(node(), "realtime:1\n")).isTrue();
	}

	@Test
	void thePropertyPacksFramesForEveryClient() {
		try (ConfigurableApplicationContext always = PlainNode.start(List.of("realtime.queue.packing=always"))) {
			assertThat(packs(always, "")).isTrue();
			assertThat(packs(always, "single-frames:1\n")).isFalse();
		}
	}

}
