package dev.realtime.conformance.cases;

import java.util.List;
import java.util.stream.Stream;

import dev.realtime.conformance.scene.Case;

/** All cases, in the order of the protocol's document. */
public final class AllCases {

	private AllCases() {
	}

	/** Returns the cases. */
	public static List<Case> all() {
		return Stream
			.of(ConnectionCases.all(), CredentialsCases.all(), HeartbeatCases.all(), SubscribeCases.all(),
					OrderCases.all(), RecoveryCases.all(), PublishingCases.all(), TransactionCases.all(),
					WildcardCases.all(), RefusalCases.all(), ClosingCases.all(), SignalCases.all(), TypingCases.all(),
					TextCases.all(), UnreadCases.all(), HttpCases.all())
			.flatMap(List::stream)
			.toList();
	}

}
