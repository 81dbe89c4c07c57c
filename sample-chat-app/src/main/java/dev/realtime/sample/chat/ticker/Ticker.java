package dev.realtime.sample.chat.ticker;

import java.time.Clock;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Hears a thousand quotes a second and publishes four frames, since an eye does not
 * follow more. Every node does so, that there be no single one to lose; a frame's id is
 * its moment, so the fleet publishes each moment once, whichever node is first.
 */
@Component
class Ticker {

	static final long FRAME_MILLIS = 250;

	private static final Logger logger = LoggerFactory.getLogger(Ticker.class);

	private final Clock clock = Clock.systemUTC();

	private final Market market;

	private final Conflation conflation = new Conflation();

	private final Prices prices;

	Ticker(Market market, Prices prices) {
		this.market = market;
		this.prices = prices;
	}

	@Scheduled(fixedRate = Market.STEP_MILLIS)
	void hear() {
		this.market.quote(this.conflation::offer);
	}

	@Scheduled(fixedRate = FRAME_MILLIS)
	void show() {
		Frame frame = this.conflation.take(this.clock.millis() / FRAME_MILLIS);
		this.prices.show(frame).whenComplete((receipt, failure) -> {
			if (failure != null) {
				// The next frame is the whole picture again.
				logger.debug("Frame {} was not published", frame.number(), failure);
			}
		});
	}

}
