using CacheBackup.Caches;
using CacheBackup.Core;
using CacheBackup.Core.Catalog;
using CacheBackup.Functions.Api;

namespace CacheBackup.Functions.Tests.Api;

/// <summary>Programs rely on codes: each exception of ours has one of its own, and none has two.</summary>
public sealed class ProblemKindsTests
{
    private static readonly Type[] Exceptions =
    [
        .. new[] { typeof(PermanentException).Assembly, typeof(ProblemKinds).Assembly, typeof(LiveCaches).Assembly }
            .SelectMany(assembly => assembly.GetTypes())
            .Where(type => type.IsSubclassOf(typeof(Exception)) && type != typeof(PermanentException) && type != typeof(TransientException)),
    ];

    public static TheoryData<Type> ExceptionTypes => [.. Exceptions];

    [Theory]
    [MemberData(nameof(ExceptionTypes))]
    public void Every_exception_of_ours_has_its_stated_problem(Type exception)
    {
        ProblemKind? kind = ProblemKinds.Stated(exception);
        Assert.True(kind is not null, $"{exception.Name} has no problem of its own. State one in ProblemKinds.");
        Assert.Contains(kind, ProblemKinds.All);
        bool mayBeTriedAgain = kind.Status == 503 || kind == ProblemKinds.RequestInProgress;
        Assert.Equal(exception.IsSubclassOf(typeof(TransientException)), mayBeTriedAgain);
    }

    [Fact]
    public void No_two_exceptions_share_a_code_and_no_two_kinds_either()
    {
        Assert.True(Exceptions.Length > 20, "The walk has missed the assemblies.");
        Assert.Equal(Exceptions.Length, Exceptions.Select(e => ProblemKinds.Stated(e)?.Code).Distinct().Count());
        Assert.Equal(ProblemKinds.All.Count, ProblemKinds.All.Select(k => k.Code).Distinct().Count());
    }

    [Fact]
    public void Every_kind_is_listed()
    {
        IEnumerable<ProblemKind> fields = typeof(ProblemKinds).GetFields().Select(f => f.GetValue(null)).OfType<ProblemKind>();
        Assert.Empty(fields.Except(ProblemKinds.All));
        Assert.All(ProblemKinds.All, kind => Assert.Matches("^[a-z]+(-[a-z]+)*$", kind.Code));
        Assert.All(ProblemKinds.All, kind => Assert.InRange(kind.Status, 400, 599));
    }

    [Fact]
    public void An_error_that_is_only_of_a_family_becomes_that_familys_problem()
    {
        Assert.Equal(ProblemKinds.Unavailable, ProblemKinds.Of(new TransientException("why")));
        Assert.Equal(ProblemKinds.Internal, ProblemKinds.Of(new PermanentException("why")));
        Assert.Equal("catalog-unreadable", ProblemKinds.Of(new CatalogUnreadableException("why")).Code);
    }
}
