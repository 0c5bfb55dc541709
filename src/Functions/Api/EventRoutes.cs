using System.Globalization;
using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Storage;

namespace CacheBackup.Functions.Api;

/// <summary>The route of events.</summary>
public sealed class EventRoutes(ServiceParts parts)
{
    private const int MaxPage = 100;

    // As for backups: a page looks at no more than this.
    private const int MaxExamined = 200;

    public IEnumerable<Route> All =>
    [
        new("GET", "events", ListAsync)
        {
            Summary = "A page of what happened in the last 14 days, newest first. With code it may be short, or empty, although more follow: go on while there is a marker.",
            Query =
            [
                QueryParameter.Limit(MaxPage), QueryParameter.Marker,
                new("cache", "Only the events of this cache."), new("backup", "Only the events of this backup."),
                QueryParameter.OneOf<EventCode>("code", "Only this event."),
                new("since", "Not before this time, ISO 8601."), new("until", "Not after this time, ISO 8601."),
            ],
            Answer = new(200, ApiJson.Default.EventPage),
        },
    ];

    private async Task<ApiResponse> ListAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        int limit = request.QueryNumber("limit", MaxPage, 1, MaxPage);
        EventCode? code = request.QueryWord<EventCode>("code");
        DateTimeOffset since = TimeIn(request, "since") ?? DateTimeOffset.MinValue;
        DateTimeOffset until = TimeIn(request, "until") ?? DateTimeOffset.MaxValue;
        string list = ListIn(request);

        List<BackupEvent> page = [];
        BackupEvent? last = null;
        int examined = 0;
        await foreach (BackupEvent told in parts.Events.ListAsync(list, StartOf(request, until), cancellationToken))
        {
            if (told.At < since)
            {
                break;
            }

            if (page.Count == limit || examined == MaxExamined)
            {
                return ApiResponse.Of(200, new EventPage(page, EventLog.MarkerOf(last!)), ApiJson.Default.EventPage);
            }

            examined++;
            last = told;
            if (told.At <= until && (code is null || told.Code == code))
            {
                page.Add(told);
            }
        }

        return ApiResponse.Of(200, new EventPage(page), ApiJson.Default.EventPage);
    }

    private static string ListIn(ApiRequest request)
    {
        bool ofCache = request.Query.TryGetValue("cache", out string? cache);
        bool ofBackup = request.Query.TryGetValue("backup", out string? backup);
        return (ofCache, ofBackup) switch
        {
            (true, true) => throw new InvalidRequestException("Ask for the events of a cache or of a backup, not of both at once."),
            (true, _) => CatalogKeys.CacheEvents(CacheName.Parse(cache)),
            (_, true) => CatalogKeys.BackupEvents(BackupName.FromCatalog(backup!.ToLowerInvariant())),
            _ => CatalogKeys.Events,
        };
    }

    private static string? StartOf(ApiRequest request, DateTimeOffset until)
    {
        if (request.Query.TryGetValue("marker", out string? marker))
        {
            bool isMarker = DescendingTime.ParseEnd(marker) is not null && ObjectKey.TryParse(CatalogKeys.Events + marker, out _);
            return isMarker ? marker : throw new InvalidRequestException("The marker is not one of a page of events.");
        }

        return until == DateTimeOffset.MaxValue ? null : DescendingTime.Of(until);
    }

    private static DateTimeOffset? TimeIn(ApiRequest request, string name)
    {
        if (!request.Query.TryGetValue(name, out string? text))
        {
            return null;
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time)
            ? time
            : throw new InvalidRequestException($"The query parameter {name} is a time such as 2026-01-31T23:30:00Z.");
    }
}
