using Amazon.CDK.AWS.Logs;
using CacheBackup.Infra.Context;

namespace CacheBackup.Infra;

/// <summary>How long logs are kept.</summary>
internal static class Logs
{
    public static RetentionDays Retention(StackContext context) => context.LogRetentionDays switch
    {
        1 => RetentionDays.ONE_DAY,
        3 => RetentionDays.THREE_DAYS,
        5 => RetentionDays.FIVE_DAYS,
        7 => RetentionDays.ONE_WEEK,
        14 => RetentionDays.TWO_WEEKS,
        30 => RetentionDays.ONE_MONTH,
        60 => RetentionDays.TWO_MONTHS,
        90 => RetentionDays.THREE_MONTHS,
        120 => RetentionDays.FOUR_MONTHS,
        180 => RetentionDays.SIX_MONTHS,
        365 => RetentionDays.ONE_YEAR,
        var days => throw new StackContextException($"Logs are not kept for {days} days."),
    };
}
