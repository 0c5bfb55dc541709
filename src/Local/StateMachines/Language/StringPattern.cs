namespace CacheBackup.Local.StateMachines.Language;

/// <summary>The patterns of <c>StringMatches</c>: <c>*</c> stands for any letters, <c>\*</c> for a star, <c>\\</c> for a backslash.</summary>
internal static class StringPattern
{
    public static bool IsValid(string pattern)
    {
        for (int i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] == '\\' && (++i == pattern.Length || pattern[i] is not ('*' or '\\')))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Greedy with one place to return to: linear in practice, never worse than the product of the lengths.</summary>
    public static bool IsMatch(string text, string pattern)
    {
        int at = 0, inPattern = 0, afterStar = -1, retryAt = 0;
        while (at < text.Length)
        {
            if (inPattern < pattern.Length && pattern[inPattern] == '*')
            {
                afterStar = ++inPattern;
                retryAt = at;
                continue;
            }

            int width = inPattern < pattern.Length && pattern[inPattern] == '\\' ? 2 : 1;
            if (inPattern < pattern.Length && pattern[inPattern + width - 1] == text[at])
            {
                inPattern += width;
                at++;
            }
            else if (afterStar >= 0)
            {
                inPattern = afterStar;
                at = ++retryAt;
            }
            else
            {
                return false;
            }
        }

        while (inPattern < pattern.Length && pattern[inPattern] == '*')
        {
            inPattern++;
        }

        return inPattern == pattern.Length;
    }
}
