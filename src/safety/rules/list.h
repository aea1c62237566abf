// What: the one list of rules. A test compares it with this folder.
#pragma once

#include "safety/rule.h"

/// One line a rule: the name of its record, in the order of the facts: indexes, constraints, columns, tables,
/// transactions, data, downgrade, style.
#define BASCULE_RULES(RULE)           \
  RULE(kIndexNotConcurrent)           \
  RULE(kDropIndexNotConcurrent)       \
  RULE(kReindexNotConcurrent)         \
  RULE(kConcurrentlyInTransaction)    \
  RULE(kIndexTooWide)                 \
  RULE(kCicCorruptingVersion)         \
  RULE(kInvalidIndexLeft)             \
  RULE(kFkWithoutIndex)               \
  RULE(kRedundantIndex)               \
  RULE(kUniqueMayFail)                \
  RULE(kFkValidatedAtOnce)            \
  RULE(kForeignKeyCopiesTable)        \
  RULE(kCheckValidatedAtOnce)         \
  RULE(kValidateInSameTransaction)    \
  RULE(kUniqueBuildsIndex)            \
  RULE(kPkBuildsIndex)                \
  RULE(kPkIndexNullable)              \
  RULE(kExclusionConstraint)          \
  RULE(kSetNotNullScan)               \
  RULE(kSetNotNullData)               \
  RULE(kDropForeignKey)               \
  RULE(kDomainWithConstraint)         \
  RULE(kDomainValidatedAtOnce)        \
  RULE(kNeverValidated)               \
  RULE(kAddColumnRewritingDefault)    \
  RULE(kAddColumnRequired)            \
  RULE(kAddColumnImplicitFill)        \
  RULE(kAddColumnAutoincrement)       \
  RULE(kAddColumnStoredGenerated)     \
  RULE(kAddJsonColumn)                \
  RULE(kPythonDefaultIgnored)         \
  RULE(kChangeColumnType)             \
  RULE(kChangeTypeRechecks)           \
  RULE(kModifyDropsAttributes)        \
  RULE(kDropColumn)                   \
  RULE(kCopiedColumnDropped)          \
  RULE(kRenameColumn)                 \
  RULE(kDropNotNull)                  \
  RULE(kCachedPlan)                   \
  RULE(kDropTable)                    \
  RULE(kRenameTable)                  \
  RULE(kTableRecreated)               \
  RULE(kDropSchema)                   \
  RULE(kDropDatabase)                 \
  RULE(kTruncateCascade)              \
  RULE(kTruncateTable)                \
  RULE(kRenameSchema)                 \
  RULE(kRenameEnumValue)              \
  RULE(kEnumValueUnordered)           \
  RULE(kEnumValueUsedInTransaction)   \
  RULE(kCreateEnum)                   \
  RULE(kDetachNotConcurrent)          \
  RULE(kCreatePartitionLocksParent)   \
  RULE(kAttachPartitionScan)          \
  RULE(kDefaultPartitionScan)         \
  RULE(kPreferRepack)                 \
  RULE(kRefreshNotConcurrent)         \
  RULE(kOtherTableLocked)             \
  RULE(kRewriteUnderLock)             \
  RULE(kAlterBlocksWrites)            \
  RULE(kAlterRebuildsTable)           \
  RULE(kAlgorithmUnsaid)              \
  RULE(kSqliteRebuild)                \
  RULE(kIdentifierTooLong)            \
  RULE(kMissingLockTimeout)           \
  RULE(kLockTimeoutTooLong)           \
  RULE(kTimeoutDuringConcurrentBuild) \
  RULE(kSetLocalOutsideTransaction)   \
  RULE(kWorkUnderExclusiveLock)       \
  RULE(kDdlCommits)                   \
  RULE(kHalfDoneOnFailure)            \
  RULE(kSplitAlterTable)              \
  RULE(kNestedTransaction)            \
  RULE(kUncommittedTransaction)       \
  RULE(kNotRerunnable)                \
  RULE(kOpaqueSql)                    \
  RULE(kStatementRefused)             \
  RULE(kUpdateWithoutWhere)           \
  RULE(kDeleteWithoutWhere)           \
  RULE(kBackfillWithDdl)              \
  RULE(kInsertSelect)                 \
  RULE(kConstraintBeforeBackfill)     \
  RULE(kDuplicateColumn)              \
  RULE(kDowngradeMissing)             \
  RULE(kDowngradeIncomplete)          \
  RULE(kDowngradeLosesData)           \
  RULE(kDowngradeDropsAdditions)      \
  RULE(kSuppressionWithoutReason)     \
  RULE(kUnknownSuppression)           \
  RULE(kUnusedSuppression)            \
  RULE(kPreferBigint)                 \
  RULE(kPreferIdentity)               \
  RULE(kPreferText)                   \
  RULE(kCharType)                     \
  RULE(kTimestampWithoutTz)           \
  RULE(kSchemaUnqualified)            \
  RULE(kTimestampsMissing)            \
  RULE(kDescriptionMissing)           \
  RULE(kNullabilityUnsaid)

namespace bascule::safety::rules {

#define BASCULE_DECLARE_RULE(NAME) extern const Rule NAME;
BASCULE_RULES(BASCULE_DECLARE_RULE)
#undef BASCULE_DECLARE_RULE

}  // namespace bascule::safety::rules
