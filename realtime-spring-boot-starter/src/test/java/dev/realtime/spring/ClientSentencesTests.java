package dev.realtime.spring;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

/**
 * What talks to clients reads the text of no exception: it cannot tell who wrote it, and
 * for whom. A sentence for clients is {@link RefusedException#sentence()}.
 */
@AnalyzeClasses(packages = "dev.realtime.spring", importOptions = ImportOption.DoNotIncludeTests.class)
class ClientSentencesTests {

	/** Only compares what it reads with sentences of Spring's. */
	private static final String COMPARES = "dev.realtime.spring.stomp.ProtocolErrors";

	@ArchTest
	static final ArchRule whatTalksToClientsReadsTheTextOfNoException = noClasses().that()
		.resideInAnyPackage("..stomp..", "..stream..", "..web..", "..netty..", "..unread..", "..security..")
		.and()
		.doNotHaveFullyQualifiedName(COMPARES)
		.and()
		.doNotHaveFullyQualifiedName("dev.realtime.spring.netty.ServerTls")
		.should()
		.callMethodWhere(readsTheText());

	private static DescribedPredicate<JavaCall<?>> readsTheText() {
		return DescribedPredicate.describe("it is the text of an exception",
				(call) -> isText(call.getName()) && call.getTargetOwner().isAssignableTo(Throwable.class));
	}

	private static boolean isText(String method) {
		return method.equals("getMessage") || method.equals("getLocalizedMessage");
	}

}
